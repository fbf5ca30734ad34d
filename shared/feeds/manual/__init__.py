"""Arrests and seals that a person enters, and files that a person uploads."""
