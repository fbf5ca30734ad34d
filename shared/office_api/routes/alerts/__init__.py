"""Alerts: the list, the answers, possible matches, links of mails, who was told."""
