"""Importing interviews that were held elsewhere: each keeps the mark of where it came from."""
