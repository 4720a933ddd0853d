"""Bytes by their content, on S3 or in a folder."""
