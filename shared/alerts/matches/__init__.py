"""Matches: which subscriptions a version of an arrest meets, decided before anything is stored or sent."""
