"""Showing text: Markdown, sanitising, pages."""
