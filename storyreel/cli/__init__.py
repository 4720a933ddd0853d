"""The command line: starts processes by name, otherwise an HTTP client of the API."""
