"""One activity a stage, and claim, film and export: heartbeat, cancel, classify errors, record."""
