"""When something is to be done: a cron line, or a moment, in a time zone (pure)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storyreel.model.errors import BadInput

# Minute, hour, day of the month, month, day of the week (0 and 7 are Sunday).
FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))
PART = re.compile(r"(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:/(\d{1,2}))?")
CLOCK = re.compile(r"(tomorrow\s+)?([01]?\d|2[0-3]):([0-5]\d)", re.IGNORECASE)


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name, for example `Asia/Shanghai`.

    Raises:
        BadInput: there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(f"there is no time zone {name!r}; name one like 'Europe/Berlin' or 'UTC'", field="time_zone") from None


def check_cron(line: str) -> str:
    """A cron line of five fields, with single spaces.

    Raises:
        BadInput: it is none; the message says which field is wrong.
    """
    fields = line.split()
    if len(fields) != len(FIELDS):
        raise BadInput(
            f"{line!r} is no cron line: write minute, hour, day, month and weekday, for example '0 2 * * *'", field="cron"
        )
    for field, (name, first, last) in zip(fields, FIELDS, strict=True):
        for part in field.split(","):
            match = PART.fullmatch(part)
            low, high = (int(match[1] or first), int(match[2] or match[1] or last)) if match else (0, -1)
            if match is None or not first <= low <= high <= last or (match[3] and int(match[3]) == 0):
                raise BadInput(f"{part!r} is no {name}: use {first} to {last}, *, a-b or */n", field="cron")
    return " ".join(fields)


def moment(words: str, zone: ZoneInfo, now: datetime) -> datetime:
    """A moment: an ISO date and time (in `zone` where it says none), or a time of day, which is the next time the clock shows it.

    "tomorrow 08:00" is that time of the next day.

    Raises:
        BadInput: it is neither, or it is over.
    """
    if match := CLOCK.fullmatch(words.strip()):
        today = now.astimezone(zone).replace(hour=int(match[2]), minute=int(match[3]), second=0, microsecond=0)
        return (today if today > now and not match[1] else today + timedelta(days=1)).astimezone(UTC)
    try:
        said = datetime.fromisoformat(words.strip())
    except ValueError:
        raise BadInput(f"{words!r} is no moment: write '02:00' or '2027-03-01 02:00'", field="at") from None
    at = said.replace(tzinfo=zone) if said.tzinfo is None else said
    if at <= now:
        raise BadInput(f"{words!r} is over; name a moment to come", field="at")
    return at.astimezone(UTC).replace(microsecond=0)
