"""Settings, the database engine, LISTEN, telemetry and the clock: what a process needs before it has any business."""
