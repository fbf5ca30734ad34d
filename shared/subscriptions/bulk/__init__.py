"""Many subscriptions at once: from an uploaded file, or kept equal to an office's list of cases or warrants."""
