"""Sessions laid beside each other, question by question."""
