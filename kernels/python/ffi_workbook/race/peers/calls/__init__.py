"""A call and almost nothing else, as the users of each peer would make it."""
