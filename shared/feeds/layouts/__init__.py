"""Several files of one agency: which layout reads a file, which files belong together, how their rows are joined."""
