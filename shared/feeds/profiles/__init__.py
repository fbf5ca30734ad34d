"""How one agency writes: the profile, its JSON Schema, where enrolled profiles are kept; beside them, the shipped
ones."""
