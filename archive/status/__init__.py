"""The retirement checklist: what is done, what is open, what is overdue."""
