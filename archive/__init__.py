"""What is kept of a retired model, and who may use it."""
