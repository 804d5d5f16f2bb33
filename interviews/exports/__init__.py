"""Exporting interviews: one module for each form, and one loop over the sessions."""
