"""Sessions: one interview each, every turn durably recorded and chained."""
