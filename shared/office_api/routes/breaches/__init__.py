"""The breach record."""
