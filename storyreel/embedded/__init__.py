"""The child processes of a laptop: PostgreSQL, Temporal, worker and API, supervised."""
