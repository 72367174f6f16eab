"""The heat equation, as the users of each peer would write it."""
