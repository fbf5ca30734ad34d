"""Offices: their rules, users, preferences, recipients, purposes, and agreements with agencies. README.md says more."""
