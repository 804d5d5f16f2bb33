"""The published site: views of the record, laid out as pages and feeds."""
