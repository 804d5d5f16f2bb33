"""Campaigns: a protocol run over its conditions, planned and logged before the first question."""
