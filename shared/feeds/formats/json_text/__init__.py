"""JSON: objects one per line, or in an array of one document. The columns of a profile are paths (`paths.py`)."""
