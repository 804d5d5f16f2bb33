"""Posts: what a model wrote, who reviewed it, and what was decided."""
