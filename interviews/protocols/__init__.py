"""Protocols: what an interview asks, read from a file that people write and approve."""
