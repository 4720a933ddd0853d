"""Everything dies, again and again, by a seed: what must hold is that nothing is lost and nothing is paid for twice."""
