"""Pages of alerts and possible matches."""
