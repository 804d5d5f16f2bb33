"""Release: what the public may see, by whom and since when."""
