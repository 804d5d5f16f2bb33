"""Records of models: what they are, where they stood, what was promised."""
