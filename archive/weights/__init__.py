"""Weight files: read once, named by digest, checked again."""
