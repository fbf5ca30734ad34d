"""Possible matches that an owner must confirm before anybody is notified."""
