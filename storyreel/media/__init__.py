"""Pixels, sound, subtitles and timelines as pure functions, and the one place that runs ffmpeg."""
