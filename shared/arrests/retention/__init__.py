"""Retention: how long a record is kept, by the schedule of its class and the rules of an office's copy. Pure."""
