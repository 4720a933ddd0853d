"""Fountain, Markdown and prose become scenes and shots, and back; pure."""
