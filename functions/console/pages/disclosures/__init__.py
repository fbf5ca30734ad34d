"""What the office passes on to others."""
