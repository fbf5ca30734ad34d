"""Queue of purges -> what is due is purged, a page of records a message."""
