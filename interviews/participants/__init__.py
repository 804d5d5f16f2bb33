"""Participants: whom an interview asks, and how one question reaches them."""
