"""Subscriptions under the terms that an arrest looks them up by: posting lists, kept in step with each subscription."""
