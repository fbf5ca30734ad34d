"""What recipients say to an alert: acknowledgement and verdict, also by a signed link in a mail."""
