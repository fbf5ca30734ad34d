"""The copies of a drop: the cleaned one, from which it is read again, and the raw one, which is locked for a week."""
