"""What a message says: an alert, a digest of many, a notice to an owner."""
