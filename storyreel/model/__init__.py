"""Ids, rows, specs, views, ops, digests and errors: the words every other room speaks, without any I/O."""
