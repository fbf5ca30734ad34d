"""What several formats read from: unpacked bytes, and lines of text."""
