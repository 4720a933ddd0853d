"""Backups of graph, log and store: made, kept for a month, brought back whole or at a moment in time.

A vault (a folder, or a bucket on S3) holds

    <id>/manifest.json        written last: a backup without one was never finished
    <id>/graph.dump           the database, as pg_dump writes it
    <id>/base.tar.gz ...      the database's files, where the embedded server archives its log: what a moment in time is rebuilt from
    <id>/assets.txt           the SHA-256 of all bytes that the graph names
    assets/ab/<sha256>        the bytes, once each, whichever backup brought them
    wal/<system>/<segment>.gz the server's log, piece by piece
"""
