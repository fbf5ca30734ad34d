"""Messages: what an alert, a digest of many alerts, or a notice says."""
