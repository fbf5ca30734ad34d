"""Openings of juveniles' records."""
