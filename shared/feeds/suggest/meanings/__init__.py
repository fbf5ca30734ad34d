"""What the texts of the columns mean: dates, codes, charges, and what identifies an arrest."""
