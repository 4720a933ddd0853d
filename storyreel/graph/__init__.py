"""The tables of what is wanted and chosen: views, lineage, staleness, reading at a place in the past."""
