"""Once a week -> how common names are at each agency, counted from the arrests that it sent."""
