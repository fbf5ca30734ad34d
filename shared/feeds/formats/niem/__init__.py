"""NIEM documents, in XML and in JSON: bookings, custody, incidents of LEXS and NIBRS."""
