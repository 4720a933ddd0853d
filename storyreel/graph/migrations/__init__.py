"""The way from any earlier database to `schema.sql`: Alembic revisions whose end state a test holds equal to it."""
