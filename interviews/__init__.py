"""Everything that asks a model."""
