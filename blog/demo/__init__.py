"""The demonstration: the whole story of a retirement, told on a small real model."""
