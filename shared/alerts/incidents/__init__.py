"""Incidents: what somebody must see to because alerts do not come as they should. Told, reminded, and called over."""
