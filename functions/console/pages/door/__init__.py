"""The way in and out, the purpose, and one's own settings."""
