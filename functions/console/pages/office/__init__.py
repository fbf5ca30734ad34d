"""Pages of the office: people, reports, audit, search."""
