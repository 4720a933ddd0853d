"""Storyreel: a conversation becomes a film; every room of the house is a package below this one."""
