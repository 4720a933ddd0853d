"""How the built-in voice speaks: text becomes phonemes, phonemes become sound with a time for every word, sound is polished."""
