"""Changes of a person's identity at an agency: merged, corrected, restored, expunged, described anew."""
