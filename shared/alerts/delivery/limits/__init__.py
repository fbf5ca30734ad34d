"""How much is sent: a provider's rate limit in a second, and an office's ceiling in an hour."""
