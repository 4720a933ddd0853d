"""A vendor's answer is kept for reading: no secret, no media, never long."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from storyreel.providers.answers import MOST_CHARS, bounded, listening, tell

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3000),
    lambda inner: st.lists(inner, max_size=40) | st.dictionaries(st.text(max_size=30), inner, max_size=20),
    max_leaves=60,
)


@given(JSON)
def test_whatever_it_is_it_is_short_and_plain(body):
    said = bounded({"status": 200, "body": body})
    assert said["status"] == 200
    assert len(json.dumps(said, ensure_ascii=False)) <= 2 * MOST_CHARS


def test_secrets_and_media_are_taken_out():
    said = bounded(
        {
            "status": 401,
            "body": {
                "api_key": "abc",
                "Authorization": "Bearer abcdefghij",
                "message": "Bearer abcdefghijklmno is not known, nor is sk-12345678901234567890",
                "url": "https://x.example/clip.mp4?X-Signature=hidden",
                "data": "QUJD" * 400,
                "inline": "data:image/png;base64,AAAAAAAAAAAAAAAAAAAAAAAA",
                "id": "job-1",
            },
        }
    )
    text = json.dumps(said)
    assert not any(secret in text for secret in ("abc", "1234567890", "X-Signature", "QUJD", "AAAA"))
    assert said["body"]["id"] == "job-1"
    assert said["body"]["url"].startswith("https://x.example/clip.mp4")


def test_only_who_listens_hears_and_each_answer_is_taken_once():
    tell(200, {})
    with listening() as ear:
        tell(500, {"error": "first"})
        tell(404, {"error": "second"}, path="/v1/jobs")
        assert ear.take() == {"status": 404, "path": "/v1/jobs", "body": {"error": "second"}}
        assert ear.take() is None
