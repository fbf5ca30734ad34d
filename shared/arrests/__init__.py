"""Arrests: the person, the charges, the place; versions and their differences; seals, identity events, minimisation."""
