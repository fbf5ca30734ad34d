"""Queue of exports -> one ZIP of everything that an office holds about the records of a request."""
