"""The schedule: when posts are promised, and why in some weeks none came."""
