"""The office: its settings, people, agreements, notices, and the caller."""
