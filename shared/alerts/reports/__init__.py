"""How well alerting works: quality of matches, activity of users and folders."""
