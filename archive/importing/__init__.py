"""Bringing in what sources know of models: feeds, lists of APIs, folders of files."""
