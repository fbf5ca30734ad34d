"""Drops of agencies with several layouts: which layout reads a file, and files that are read as one drop."""
