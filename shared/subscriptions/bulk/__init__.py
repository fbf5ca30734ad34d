"""Many subscriptions at once: from an uploaded file, or kept equal to the office's caselist (its cases or warrants)."""
