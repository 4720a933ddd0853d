"""The painter's art pack: data built by `tools/build_art_pack.py`."""
