"""Everything that is published."""
