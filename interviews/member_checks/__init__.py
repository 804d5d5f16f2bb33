"""Member checks: a participant is shown what will be said of it, and answers."""
