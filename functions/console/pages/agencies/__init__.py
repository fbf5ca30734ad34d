"""Pages of an agency's clerk."""
