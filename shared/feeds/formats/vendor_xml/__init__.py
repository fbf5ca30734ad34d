"""XML of any vendor: the profile names the element of a record and the paths of its fields."""
