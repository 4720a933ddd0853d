"""Measurements, each against something else on the same machine: `python -m bench`, or one alone, `python -m bench.throughput`."""
