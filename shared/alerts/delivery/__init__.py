"""Delivery: one alert, digest or notice on one channel, from its claim to its proof. README.md is the way through."""
