"""The transparency log: what was done here, in order, for anyone to check."""
