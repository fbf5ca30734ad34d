"""How alike two persons are: names and dates of birth compared part by part, and what was compared, in words."""
