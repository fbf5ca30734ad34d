"""What each column is: what its name claims, what its values show, and which field that makes it."""
