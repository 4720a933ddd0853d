"""The Temporal client: ring the bell, start, cancel, query, sweep."""
