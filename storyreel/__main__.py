"""`python -m storyreel`: the command line."""

from storyreel.cli.main import entry

entry()
