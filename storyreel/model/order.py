"""Fractional order: a key between any two keys, so that moving one row writes one row.

A key is a fraction in base 62 written without its point; it never ends in the lowest digit, so that there is always room before it.
"""

from __future__ import annotations

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def between(low: str | None, high: str | None) -> str:
    """A key after `low` and before `high`; `None` is the end of the line.

    Raises:
        ValueError: `low` is not before `high`.
    """
    if low is not None and high is not None and low >= high:
        raise ValueError(f"there is no key between {low!r} and {high!r}")
    return _midpoint(low or "", high)


def spread(count: int, low: str | None = None, high: str | None = None) -> list[str]:
    """`count` keys in order between `low` and `high`, short because they are halved, not appended."""
    if count <= 0:
        return []
    middle = between(low, high)
    left = spread((count - 1) // 2, low, middle)
    right = spread(count - 1 - len(left), middle, high)
    return [*left, middle, *right]


def _midpoint(low: str, high: str | None) -> str:
    if high is not None:
        same = _shared(low, high)
        if same:
            return high[:same] + _midpoint(low[same:], high[same:])
    first = DIGITS.index(low[0]) if low else 0
    last = DIGITS.index(high[0]) if high is not None else len(DIGITS)
    if last - first > 1:
        return DIGITS[(first + last) // 2]
    if high is not None and len(high) > 1:
        return high[0]
    return DIGITS[first] + _midpoint(low[1:], None)


def _shared(low: str, high: str) -> int:
    """How many leading digits are the same; `low` counts as followed by lowest digits for ever."""
    count = 0
    while count < len(high) and (low[count] if count < len(low) else DIGITS[0]) == high[count]:
        count += 1
    return count
