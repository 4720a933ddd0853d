"""A request becomes a score: the plan, the lines over it, the ending, and a little human unevenness. Pure and seeded."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from storyreel.model.spec import Mood
from storyreel.providers.builtin.score import form, grid, harmony, melody, rhythm, texture
from storyreel.providers.builtin.score.instruments import INSTRUMENTS, KITS
from storyreel.providers.builtin.score.melody import Sung
from storyreel.providers.builtin.score.moods import Style, flavour_named
from storyreel.providers.builtin.score.notes import Bar, Note, Role, Score

_ROLE_PLAYER: dict[Role, str] = {"pad": "pad", "arp": "arp", "lead": "lead", "answer": "answer", "bass": "bass"}
_FADE_S = 0.25


def compose(
    moods: Sequence[tuple[float, Mood]], duration_s: float, *, cuts_s: Sequence[float] = (), flavour: str = "", seed: int = 0
) -> Score:
    """Write a piece of `duration_s` that follows `moods` (pairs of a start in seconds and a mood) and knows where the cuts are.

    `flavour` is a style in words; one that is not known is named in the score's remarks, and the moods alone are followed.
    """
    rng = Random(seed)  # noqa: S311 - music, not secrets
    dress = flavour_named(flavour)
    plan = form.plan(moods, duration_s, cuts_s, dress, rng)
    body = plan.bars[:-1]
    starts = tuple(bar.start_s for bar in plan.bars)
    cuts = tuple(sorted({cut for cut in cuts_s if 0 < cut < duration_s}))
    hit = grid.hits(starts, cuts)
    cut_bars = frozenset(n for n, start in enumerate(starts) if grid.hits((start,), hit))
    theme = melody.motif(rng, plan.styles[0].metre)
    line = melody.write(body, plan.sections, plan.styles, theme, rng)
    sung = [*line.notes, *texture.pads(plan.bars, plan.styles, cut_bars | {len(body)}), *texture.arpeggio(body, plan.styles, rng)]
    sung += [*texture.bass(body, plan.styles), *_ending(plan.bars, plan.styles[-1], line)]
    strokes = rhythm.drums(body, plan.styles) + rhythm.accents(plan.bars, plan.styles, cut_bars - {len(body)})
    strokes += rhythm.final(plan.bars[-1], len(body), plan.styles[-1])
    notes = [_note(note, plan.bars, plan.styles, rng) for note in sung]
    notes += [_stroke(stroke, plan.bars, plan.styles, duration_s) for stroke in strokes]
    notes += [_swell(plan.bars[number]) for number in rhythm.swells(plan.bars, plan.styles)]
    return Score(
        duration_s=duration_s,
        sections=plan.sections,
        bars=plan.bars,
        notes=tuple(sorted(notes, key=lambda note: (note.start_s, note.role, note.pitch, note.end_s))),
        motif=theme,
        motif_bars=line.motif_bars,
        cuts_hit=hit,
        remarks=(*_said(flavour, dress, hit, cuts), *plan.remarks),
        wet=plan.styles[0].wet,
        room_s=plan.styles[0].room_s,
    )


def _said(words: str, flavour: str | None, hit: tuple[float, ...], cuts: tuple[float, ...]) -> list[str]:
    said = [f"{len(hit)} of {len(cuts)} cuts fall on a bar line."] if cuts else []
    if words.strip() and flavour is None:
        said.append(f"No style is known by '{words.strip()}'; the mood alone was followed.")
    return said


def _ending(bars: tuple[Bar, ...], style: Style, line: melody.Line) -> list[Sung]:
    """The final chord under and over the pad: the bass on its root, the arpeggio rolled upwards, the melody come home."""
    bar, number = bars[-1], len(bars) - 1
    bass_reach, arp_reach, lead_reach = (INSTRUMENTS[name] for name in (style.bass, style.arp, style.lead))
    root = harmony.nearest(harmony.ladder((bar.chord.root,), max(36, bass_reach.low), min(53, bass_reach.high)), 43)
    rolled = harmony.ladder(bar.chord.tones, max(arp_reach.low, 55), arp_reach.high)[:5]
    roll_s = min(0.11, 0.3 * (bar.end_s - bar.start_s) / len(rolled))
    beat_of = 1 / (bar.end_s - bar.start_s)
    last = next((note.pitch for note in reversed(line.notes) if note.role == "lead"), 72)
    home = harmony.nearest(harmony.ladder((bar.chord.root,), lead_reach.low, lead_reach.high), last)
    return [
        Sung(number, 0.0, 1.0, root, 1.0, "bass"),
        Sung(number, 0.0, 1.0, home, 0.9, "lead"),
        *(Sung(number, i * roll_s * beat_of, 1.0 - i * roll_s * beat_of, pitch, 0.8, "arp") for i, pitch in enumerate(rolled)),
    ]


def _note(sung: Sung, bars: tuple[Bar, ...], styles: tuple[Style, ...], rng: Random) -> Note:
    """The note in seconds: swung where the style swings, loud as the energy says, and off the bar line a little uneven."""
    bar = bars[sung.bar]
    style = styles[bar.section]
    player: str = getattr(style, _ROLE_PLAYER[sung.role])
    start_s = bar.at(_swung(sung.beat, style.swing))
    if sung.role in ("arp", "lead", "answer") and sung.beat > 0 and sung.bar < len(bars) - 1:
        start_s = min(max(start_s + rng.gauss(0, 0.006), bar.start_s), bar.end_s - 0.02)
    velocity = (46 + 52 * bar.energy) * sung.strength + rng.uniform(-4, 4)
    end_s = _end_s(sung, bars, style)
    if INSTRUMENTS[player].sustained and sung.bar == len(bars) - 1:
        end_s -= _FADE_S * (bar.end_s - bar.start_s)
    return Note(start_s, max(end_s, start_s + 0.05), sung.pitch, round(min(max(velocity, 20), 118)), sung.role, player)


def _end_s(sung: Sung, bars: tuple[Bar, ...], style: Style) -> float:
    """Where a note of so many beats ends, over as many bars as they fill."""
    number, left = sung.bar, sung.beat + sung.beats
    while left > bars[number].beats and number + 1 < len(bars) - 1 and sung.role == "pad":
        left -= bars[number].beats
        number += 1
    return bars[number].at(min(_swung(left, style.swing), bars[number].beats))


def _swung(beat: float, swing: float) -> float:
    """A beat whose second half starts late by `swing`."""
    whole, part = int(beat), beat % 1
    late = 0.5 + swing
    return whole + (part * late / 0.5 if part < 0.5 else late + (part - 0.5) * (1 - late) / 0.5)


def _stroke(hit: rhythm.Hit, bars: tuple[Bar, ...], styles: tuple[Style, ...], duration_s: float) -> Note:
    bar = bars[hit.bar]
    style = styles[bar.section]
    role: Role = "drums" if hit.player in ("kit", "taiko") else "accent"
    player = {"kit": style.kit, "cymbals": "kit"}.get(hit.player, hit.player)
    start_s = bar.at(_swung(hit.beat, style.swing))
    velocity = (30 + 85 * hit.strength) * (0.75 + 0.25 * bar.energy)
    ring_s = 0.4 if player in KITS else 2.0
    return Note(start_s, min(start_s + ring_s, duration_s), hit.pitch, round(min(max(velocity, 15), 118)), role, player)


def _swell(bar: Bar) -> Note:
    return Note(bar.start_s - rhythm.SWELL_S, bar.start_s + 0.1, 60, round(40 + 35 * bar.energy), "accent", "reverse cymbal")
