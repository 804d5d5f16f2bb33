"""The workspace: one folder that holds an operator's whole record."""
