"""NIEM documents, in XML and in JSON: bookings, releases from custody, LEXS incidents and NIBRS submissions."""
