"""Offices, their users and preferences, whom they notify, and what they agreed with agencies, for which purposes."""
