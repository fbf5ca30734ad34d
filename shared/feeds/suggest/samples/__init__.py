"""Reads a sample into columns of texts: its kind, its encoding, its table."""
