"""What a debug page shows of requests and answers: no secret gets out, and a person's own words stay."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyreel.model.redact import HIDDEN, LONGEST, redact

SECRET = "q7Zk2mPz9XcV4bN1aL6s"


@pytest.mark.parametrize(
    "said",
    [
        {"headers": {"Authorization": f"Bearer {SECRET}"}},
        {"headers": {"X-Goog-Api-Key": SECRET, "set-cookie": f"sid={SECRET}"}},
        {"api_key": SECRET, "nested": [{"client_secret": SECRET}, {"accessToken": SECRET}, {"aws_access_key_id": SECRET}]},
        {"detail": f"401 for Authorization: Bearer {SECRET}"},
        {"detail": f"wrong api_key={SECRET}, try again"},
        {"detail": f'"password": "{SECRET}"'},
        {"url": f"https://bucket.example/clip.mp4?X-Amz-Signature={SECRET}&X-Amz-Expires=60"},
        {"said": f"fetching https://cdn.example/a.png?sig={SECRET} failed"},
        {"url": f"https://anna:{SECRET}@example.com/feed"},
        {"dsn": f"postgresql://app:{SECRET}@db/film"},
        {"detail": f"postgresql://app:{SECRET}@db/film is away"},
        {"detail": f"key AIza{SECRET}{SECRET} is not valid"},
        {"detail": f"sk-{SECRET} has no credit"},
        {"detail": f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.{SECRET}"},
    ],
)
def test_a_secret_does_not_get_out(said: dict) -> None:
    shown = json.dumps(redact(said))
    assert SECRET not in shown and HIDDEN in shown


def test_media_are_named_and_not_shown() -> None:
    picture = base64.b64encode(bytes(range(256)) * 40).decode()
    shown = redact({"image": f"data:image/png;base64,{picture}", "inline": {"data": picture}, "raw": b"x" * 9000})
    assert shown["image"] == "[image/png, about 10 kB]"
    assert shown["inline"] == {"data": "[base64, about 10 kB]"} and shown["raw"] == "[bytes, about 9 kB]"


def test_what_a_person_wrote_and_what_explains_a_failure_stays() -> None:
    said = {
        "prompt": "Anna writes to anna@example.com: the key to the secret door is under the token tree. 密码是什么？",
        "key": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "usage": {"prompt_tokens": 812, "max_tokens": 4000, "total_tokens": 0},
        "asset": f"asset://{'a' * 64}",
        "address": "https://example.com/jobs/17",
        "take": 2,
        "refused": False,
        "nothing": None,
    }
    assert redact(said) == said


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(alphabet=" abcXYZ,.!人", max_size=40), st.lists, max_leaves=20
    )
)
def test_plain_values_are_left_as_they_are_and_twice_is_as_once(value: object) -> None:
    assert redact(value) == value
    assert redact(redact({"token": str(value), "said": value})) == redact({"token": str(value), "said": value})


def test_what_is_very_long_is_cut() -> None:
    shown = redact("word " * 3000)
    assert len(shown) < LONGEST + 50 and "more characters" in shown
