"""Routes of records requests and their exports."""
