class Overtaken(Exception):  # noqa: N818
    """Somebody else changed it first, or already watches the same: read again."""
