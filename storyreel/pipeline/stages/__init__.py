"""The stages of a shot in their order: spec, grid, select, video, voice, compose."""
