"""Seals and expungements: which arrests they mean, where they are kept, how they are applied."""
