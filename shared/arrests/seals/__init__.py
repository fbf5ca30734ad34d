"""Seals and expungements: which arrests they mean, where their keys are stored, how they are applied."""
