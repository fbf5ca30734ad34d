"""Retention at work: holds, the daily purge of what is due, and the certificates of what was purged."""
