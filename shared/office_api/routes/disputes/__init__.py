"""What is disputed of arrests, and whom corrections must reach."""
