"""Reports on alerts, and the audit log."""
