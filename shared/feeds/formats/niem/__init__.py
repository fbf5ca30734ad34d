"""NIEM documents, in XML and in JSON: arrests, bookings, custody, warrants, dispositions, identities, supervision."""
