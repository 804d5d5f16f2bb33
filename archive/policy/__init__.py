"""Access policies: who may use a model, for what, and how to ask."""
