"""What may be shown of a request or an answer: secrets and media taken out, a person's own words left as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

HIDDEN = "[hidden]"
# Names of fields whose text is a secret whatever it looks like; `key` alone is ours, and counts of tokens are numbers.
SECRET_NAME = re.compile(
    r"(?:^|[_\-. ])(?:authorization|api[_-]?key|apikey|access[_-]?key(?:[_-]?id)?|secret(?:[_-]?key)?|password|passwd|passphrase|"
    r"private[_-]?key|credentials?|cookie|set-cookie|(?:access|refresh|id|auth|session|bearer|security)?[_-]?token|signature|dsn)$",
    re.IGNORECASE,
)
SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b(Bearer|Basic|Token|Key)\s+[A-Za-z0-9._~+/=-]{12,}", re.IGNORECASE), rf"\1 {HIDDEN}"),
    # A user and a password in an address.
    (re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/@:]*:[^\s/@]+@", re.IGNORECASE), rf"\1{HIDDEN}@"),
    # Addresses are signed in their query; nobody needs it to know what was asked.
    (re.compile(r"(\bhttps?://[^\s?#\"'<>]+)\?[^\s\"'<>]+", re.IGNORECASE), rf"\1?{HIDDEN}"),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"), HIDDEN),
    (
        re.compile(r"\b(?:AIza[\w-]{30,}|(?:AKIA|ASIA)[A-Z0-9]{16}|(?:sk|pk|rk|r8|hf|gh[pousr]|xox[abprs]|glpat)[-_][\w-]{16,})"),
        HIDDEN,
    ),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL), HIDDEN),
    (
        re.compile(
            r"\b((?:api|access|secret)[_-]?key|token|password|secret|sig(?:nature)?)([\"']?\s*[=:]\s*[\"']?)[\w./+~=-]{8,}",
            re.IGNORECASE,
        ),
        rf"\1\2{HIDDEN}",
    ),
)
DATA_URI = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w=.-]+)*,[A-Za-z0-9+/=%_-]{16,}")
BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{256,}={0,2}(?![\w+/=-])")
LONGEST = 4000


def redact(value: Any) -> Any:
    """The same JSON without keys, tokens, passwords, signed queries and media; what a person wrote stays."""
    if isinstance(value, Mapping):
        told = cast("Mapping[str, Any]", value)
        return {name: HIDDEN if _is_secret(name, inner) else redact(inner) for name, inner in told.items()}
    if isinstance(value, list | tuple):
        return [redact(each) for each in cast("list[Any]", value)]
    if isinstance(value, bytes):
        return _media("bytes", len(value))
    return redact_text(value) if isinstance(value, str) else value


def redact_text(text: str) -> str:
    """The same text without secrets and media; what is very long is cut."""
    text = DATA_URI.sub(lambda found: _media(found[1] or "data", len(found[0]) * 3 // 4), text)
    text = BASE64.sub(lambda found: _media("base64", len(found[0]) * 3 // 4), text)
    for pattern, shown in SECRETS:
        text = pattern.sub(shown, text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text) - LONGEST} more characters)"


def _is_secret(name: str, value: Any) -> bool:
    # A count of tokens or an empty field tells nothing that must be hidden.
    return bool(value) and not isinstance(value, bool | int | float) and SECRET_NAME.search(name) is not None


def _media(kind: str, size_bytes: int) -> str:
    return f"[{kind}, about {max(1, size_bytes // 1000)} kB]"
