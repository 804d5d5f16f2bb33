"""Fingerprints: fixed prompts with fixed settings, and what was replied: evidence of consistency."""
