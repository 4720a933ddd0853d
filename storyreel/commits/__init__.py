"""The one door into the graph: perform, propose, approve, undo, roll back, record."""
