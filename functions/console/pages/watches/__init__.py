"""Pages of watches, lists and folders."""
