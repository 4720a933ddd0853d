"""What a render is: the names, queues and payloads of its stages, the ports they work through, one file a stage."""
