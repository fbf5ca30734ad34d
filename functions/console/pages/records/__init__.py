"""Pages of who answers for the office's records."""
