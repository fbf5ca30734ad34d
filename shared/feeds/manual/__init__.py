"""Manual entries: an arrest or a seal that a person types in, and files that a person uploads."""
