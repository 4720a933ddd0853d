"""Tools that build what the repository keeps: run by hand, their results are committed and checked by tests."""
