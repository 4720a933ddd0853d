"""The studio of the commits' tests: five shots in two scenes, changed through the real door."""

from tests.commits.conftest import Studio, door, empty, studio

__all__ = ["Studio", "door", "empty", "studio"]
