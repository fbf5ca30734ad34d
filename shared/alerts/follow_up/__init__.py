"""What follows a delivery: the provider's events, addresses that are suppressed, urgent alerts that go on to others."""
