"""Watches: made, searched, renewed, taken from lists, in folders."""
