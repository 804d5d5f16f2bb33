"""The preservation store: OCFL 1.1 objects that outlive this software."""
