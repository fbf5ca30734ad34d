"""An arrest: the person, the charges, the place, its versions and how they differ, what an agreement withholds of
it."""
