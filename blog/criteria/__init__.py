"""Criteria: what a text is read for before it is published, and what rules can see of it."""
