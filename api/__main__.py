"""`python -m api`: the API's process."""

from __future__ import annotations

from api.app import create_app
from api.serve import Server
from storyreel.model.errors import StoryreelError
from storyreel.runtime import telemetry
from storyreel.runtime.exit import leave
from storyreel.runtime.settings import load

DEFAULT_PORT = 8710


def main() -> None:
    """Serve until SIGTERM."""
    try:
        settings = load()
    except StoryreelError as wrong:
        print(wrong.detail)  # noqa: T201 - there is no log yet
        leave(2)
    if not settings.app_dsn:
        print("No database is configured: set DATABASE_URL, or run `storyreel up`, which brings one.")  # noqa: T201 - as above
        leave(2)
    telemetry.configure(settings, "api")
    server = Server(create_app(settings), settings, settings.api_port or DEFAULT_PORT)
    server.begin()
    leave(0 if server.started else 1)


if __name__ == "__main__":
    main()
