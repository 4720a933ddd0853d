"""The composer: a mood, a length and the cuts become notes, and notes become sound."""
