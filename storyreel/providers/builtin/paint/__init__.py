"""Draws a storyboard frame from a frame's spec: words become a place, people, props and light, and these become pixels."""
