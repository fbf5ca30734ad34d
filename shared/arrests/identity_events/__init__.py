"""Identity events: an agency merges, corrects, restores, expunges or re-describes an identifier."""
