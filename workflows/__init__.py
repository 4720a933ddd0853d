"""The durable order of work: it names activities and never does I/O."""
