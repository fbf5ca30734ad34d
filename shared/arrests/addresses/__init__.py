"""Addresses taken apart, so that two spellings of one place meet: number, street, unit, city; blocks; corners."""
