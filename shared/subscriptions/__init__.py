"""Subscriptions: what an owner watches, why that is lawful, until when, and who is notified. README.md says more."""
