"""Build the art pack of the built-in painter from four pinned packages.

    npm pack react-peeps@0.1.10 @iconify-json/fluent-emoji-flat@1.2.6 emojibase-data@17.0.0
    pip download --no-deps dicebear-styles==10.6.0
    uv run --with svgelements==1.9.6 --with shapely==2.2.0 tools/build_art_pack.py FOLDER_OF_ARCHIVES

Each archive is checked against its SHA-256 before it is read. Curves are parsed here, so that the painter needs no SVG reader.
Bodies come as pairs of drawings, one with a dark top and one with dark trousers: what both have dark is line, what only one has
dark is cloth. What neither tells (jackets, shoes, sleeves) is named below by a point inside the patch.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path as File
from typing import Any

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from svgelements import SVG, Close, CubicBezier, Line, Matrix, Move, Path, QuadraticBezier, Shape

ART = File(__file__).parents[1] / "storyreel/providers/builtin/art"
PEEPS = ("react-peeps-0.1.10.tgz", "530ee345a6fa99aaf597087e07a5fe64b4d019576d0ba8df0c5eb377c4437152")
HEADS = ("dicebear_styles-10.6.0-py3-none-any.whl", "5a5b0b9c534d133fa06f1dd29f280139995965b32b08c5635a69cc6afc30930d")
EMOJI = ("iconify-json-fluent-emoji-flat-1.2.6.tgz", "7d064769dee690815f823bc5bcc511d957198caf9f5edd8dd9c1aa48a6aeb175")
WORDS = ("emojibase-data-17.0.0.tgz", "d01d0e2ca4e22cb402679532155342c71e2e871f25c32223c013b8b166ebdf5a")

POSE = "package/lib/peeps/pose/"
# Per body: drawing, points of shoes, of cloth above the waist, of an inner shirt, sleeve cuts and the strip that an open jacket shows.
# A cut is (point in the arm, wrist point, direction towards the hand); no wrist means the whole patch is sleeve.
BODIES: dict[str, dict[str, Any]] = {
    "stand": {
        "file": "standing/Resting",
        "strip": [[(405, 640), (560, 640), (640, 1440), (425, 1440)]],
    },
    "walk": {
        "file": "standing/Walking",
        "shoes": [(670, 2756), (4, 2525), (647, 2854), (-63, 2544)],
        "sleeves": [((181, 1228), (345, 1425), (0.76, 0.65)), ((737, 1084), None, None)],
        "strip": [[(410, 570), (530, 570), (610, 1470), (400, 1470)]],
    },
    "cross": {
        "file": "standing/CrossedArms",
        "single": True,
        "top": [(452, 789), (447, 1200)],
        "shoes": [(646, 2783), (45, 2771), (9, 2864), (611, 2865)],
        "strip": [[(375, 600), (490, 600), (505, 835), (355, 835)], [(375, 1085), (505, 1085), (525, 1400), (365, 1400)]],
    },
    "point": {
        "file": "standing/PointingFinger",
        "shift": (1, -2),
        "shoes": [(452, 2560), (335, 2622)],
        "strip": [[(400, 630), (560, 630), (620, 1420), (420, 1420)]],
    },
    "gesture": {
        "file": "standing/RoboDance",
        "shift": (0, -1),
        "shoes": [(808, 2857), (21, 2820), (649, 2946), (-24, 2903)],
        "strip": [[(430, 650), (545, 650), (720, 1680), (470, 1680)]],
    },
    "stand_open": {
        "file": "standing/Easing",
        "shoes": [(609, 2722), (-13, 2760), (726, 2905), (-141, 2899), (29, 2641)],
        "top": [(161, 1005), (690, 1041), (110, 1392), (171, 1104), (311, 567), (825, 1129), (618, 594)],
        "inner": True,
    },
    "hip": {
        "file": "standing/BlazerPants",
        "shoes": [(143, 2765), (595, 2731)],
        "top": [(16, 1004), (798, 978), (720, 1007), (326, 1162), (758, 1171)],
        "inner": True,
    },
    "kneel": {
        "file": "sitting/HandsBack",
        "shoes": [(148, 1599)],
        "sleeves": [((131, 1264), (75, 1500), (-0.1, 1)), ((755, 1054), None, None)],
        "strip": [[(395, 630), (530, 630), (560, 1460), (375, 1460)]],
    },
    "squat": {
        "file": "sitting/Medium",
        "shoes": [(372, 1600), (53, 1729), (-28, 1845)],
        "sleeves": [((46, 938), (140, 1085), (0.5, 0.86)), ((746, 1080), (640, 1230), (-0.3, 0.95))],
        "strip": [[(385, 650), (540, 650), (560, 1350), (420, 1350)]],
    },
    "floor": {
        "file": "sitting/OneLegUp",
        "shoes": [(535, 1820), (126, 1726), (487, 1898), (433, 1724), (45, 1701), (351, 1745)],
        "sleeves": [((355, 1081), (405, 1165), (0.3, 0.95)), ((757, 1057), None, None)],
        "strip": [[(385, 600), (510, 600), (560, 1370), (420, 1370)]],
    },
    "hug": {
        "file": "sitting/ClosedLeg",
        "shoes": [(1009, 1904), (1188, 1870), (939, 1979), (1302, 1956)],
        "tee": [(558, 879), (540, 826), (579, 941), (524, 773), (560, 997)],
        "tee_below": (1050, 3000),
    },
    "chair": {
        "file": "sitting/CrossedLegs",
        "single": True,
        "top": [(500, 814), (270, 1166)],
        "shoes": [(998, 2161), (1343, 1278)],
        "strip": [[(385, 560), (505, 560), (480, 985), (370, 985)]],
    },
}
MOUTH_BELOW = {"awe": 170, "explaining": 150, "smileLOL": 165, "default": 150}
KEPT_GROUPS = {"Animals & Nature", "Food & Drink", "Objects", "Travel & Places", "Activities"}
KEPT_SMILEYS = {"ghost", "alien", "robot", "skull", "red-heart", "broken-heart", "love-letter", "alien-monster", "snowman", "kiss-mark",
                "speech-balloon", "zzz", "bomb", "mermaid", "fairy", "vampire", "zombie", "genie", "elf", "santa-claus", "baby", "footprints", "brain"}  # fmt: skip


def main(folder: File) -> None:
    """Write `peeps.json.gz` (bodies and heads), `props.json.gz` (drawings) and `words.json.gz` (word -> drawing)."""
    ART.mkdir(parents=True, exist_ok=True)
    peeps = _tar(folder, PEEPS)
    heads = json.loads(_zip(folder, HEADS)["dicebear_styles/open-peeps.json"])
    _write("peeps.json.gz", {"bodies": {n: _body(peeps, spec) for n, spec in BODIES.items()}, **_heads(heads["components"])})
    emoji = _tar(folder, EMOJI)
    kept = _kept(json.loads(emoji["package/metadata.json"])["categories"])
    icons = json.loads(emoji["package/icons.json"])["icons"]
    props = {n: d for n in kept if n in icons and (d := _drawing(icons[n]["body"]))}
    _write("props.json.gz", props)
    chars = {k: v for k, v in json.loads(emoji["package/chars.json"]).items() if v in props}
    _write("words.json.gz", _words(_tar(folder, WORDS), chars))


def _read(folder: File, archive: tuple[str, str]) -> bytes:
    data = (folder / archive[0]).read_bytes()
    if hashlib.sha256(data).hexdigest() != archive[1]:
        sys.exit(f"{archive[0]} is not the pinned file: its SHA-256 differs")
    return data


def _tar(folder: File, archive: tuple[str, str]) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(_read(folder, archive))) as box:
        members = [m for m in box if m.isfile() and m.name.endswith((".json", ".js"))]
        return {m.name: stream.read().decode() for m in members if (stream := box.extractfile(m))}


def _zip(folder: File, archive: tuple[str, str]) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(_read(folder, archive))) as box:
        return {n: box.read(n).decode() for n in box.namelist() if n.endswith(".json")}


def _write(name: str, value: Any) -> None:
    data = gzip.compress(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(), 9, mtime=0)
    (ART / name).write_bytes(data)
    print(f"{name}: {len(data) / 1000:.0f} kB")


# Bodies


def _body(files: dict[str, str], spec: dict[str, Any]) -> dict[str, str]:
    name = POSE + spec["file"]
    if spec.get("single"):
        slots = _from_one(files, name)
    else:
        slots = _from_pair(_layers(files[name + "BW.js"]), _layers(files[name + "WB.js"]), spec.get("shift", (0, 0)))
    slots = _named_patches(slots, spec)
    out = {"skin": slots["skin"]}
    out |= {k: slots[k].buffer(5).intersection(slots["skin"]) for k in ("bottom", "shoe", "top", "tee", "sleeve") if k in slots}
    out |= {k: slots[k] for k in ("strip", "seam", "ink") if k in slots}
    return {k: _encode_polygons(v, 1) for k, v in out.items() if not v.is_empty}


def _from_pair(bw: list[BaseGeometry], wb: list[BaseGeometry], shift: tuple[float, float]) -> dict[str, BaseGeometry]:
    skin, dark_top = bw[0], bw[-1]
    dark_bottom = translate(wb[-1], *shift)
    top = _open(dark_top.difference(dark_bottom), 3, 400)
    bottom = _open(dark_bottom.difference(dark_top), 3, 400)
    ink = _open(unary_union([dark_top, dark_bottom]).difference(unary_union([top, bottom])), 0.6, 60)
    return {"skin": skin, "top": top, "bottom": bottom, "ink": ink}


def _from_one(files: dict[str, str], name: str) -> dict[str, BaseGeometry]:
    layers = _layers(files.get(name + "WB.js") or files[name + ".js"])
    cloth = unary_union([p for p in _parts(layers[-1].buffer(-24).buffer(16)) if p.area > 15_000])
    inside = unary_union([Polygon(p.exterior) for p in _parts(layers[-1])])
    skin = unary_union([layers[0], inside])
    return {"skin": skin, "top": Polygon(), "bottom": cloth, "ink": layers[-1].difference(cloth.buffer(-4))}


def _named_patches(slots: dict[str, BaseGeometry], spec: dict[str, Any]) -> dict[str, BaseGeometry]:
    """Give each patch that is not yet cloth or line its slot; what is left is skin."""
    known = unary_union([slots["ink"], slots["top"], slots["bottom"]])
    patches = _parts(_open(slots["skin"].difference(known), 2, 150))
    tee = slots["top"] if spec.get("inner") else Polygon()
    top = Polygon() if spec.get("inner") else slots["top"]
    shoes = [p for k in ("top", "bottom") for p in _parts(slots[k]) if p.bounds[1] > 2600]
    slots["bottom"] = unary_union([p for p in _parts(slots["bottom"]) if p not in shoes])
    top = unary_union([p for p in _parts(top) if p not in shoes])
    if "tee_below" in spec:
        low, area = spec["tee_below"]
        small = [p for p in _parts(slots["bottom"]) if p.bounds[3] < low and p.area < area]
        slots["bottom"] = unary_union([p for p in _parts(slots["bottom"]) if p not in small])
        tee = unary_union([tee, *small, *_at(patches, spec["tee"])])
    thin = [p for p in patches if p.distance(slots["bottom"]) < 0.5 and p.area < 4000 and p.bounds[1] > 1100]
    slots["bottom"] = unary_union([slots["bottom"], *thin])
    sleeves, seams = _sleeves(patches, spec.get("sleeves", []))
    slots |= {"top": unary_union([top, *_at(patches, spec.get("top", []))]), "tee": tee}
    slots |= {"shoe": unary_union(shoes + _at(patches, spec.get("shoes", []))), "sleeve": sleeves}
    slots["ink"] = unary_union([slots["ink"], seams])
    if "strip" in spec:
        quads = unary_union([Polygon(q) for q in spec["strip"]])
        slots["strip"] = quads.intersection(slots["top"].buffer(5))
        sides = unary_union([LineString([q[i], q[j]]) for q in spec["strip"] for i, j in ((0, 3), (1, 2))])
        slots["seam"] = sides.buffer(7).intersection(slots["top"].buffer(5))
    return slots


def _at(patches: list[Polygon], points: Iterable[tuple[float, float]]) -> list[Polygon]:
    found = [next((p for p in patches if p.buffer(3).contains(Point(xy))), None) for xy in points]
    if None in found:
        print("  no patch at", [xy for xy, p in zip(points, found, strict=True) if p is None])
    return [p for p in found if p]


def _sleeves(patches: list[Polygon], cuts: list[Any]) -> tuple[BaseGeometry, BaseGeometry]:
    sleeves: list[BaseGeometry] = []
    seams: list[BaseGeometry] = []
    for at, wrist, towards in cuts:
        arm = _at(patches, [at])[0]
        if wrist is None:
            sleeves.append(arm)
            continue
        (x, y), (dx, dy) = wrist, towards
        across = ((x - dy * 400, y + dx * 400), (x + dy * 400, y - dx * 400))
        behind = Polygon(
            [*across, (across[1][0] - dx * 900, across[1][1] - dy * 900), (across[0][0] - dx * 900, across[0][1] - dy * 900)]
        )
        sleeves.append(arm.intersection(behind))
        seams.append(LineString(across).buffer(8).intersection(arm.buffer(4)))
    return unary_union(sleeves), unary_union(seams)


def _layers(source: str) -> list[BaseGeometry]:
    """The filled layers of one drawing, back to front, in the units all bodies share."""
    groups: list[Matrix] = []
    layers: list[BaseGeometry] = []
    for tag, attributes in re.findall(r"createElement\(\"(g|path)\", \{(.*?)\}(?=[,)])", source, re.DOTALL):
        found = re.search(r"transform: '([^']*)'", attributes)
        matrix = Matrix(found[1]) if found else Matrix()
        if tag == "g":
            groups.append(matrix)
        elif "fill: 'none'" not in attributes:
            path = Path(re.search(r"d: '([^']*)'", attributes)[1])  # type: ignore[index]
            for step in [matrix, *reversed(groups)]:
                path = path * step
            layers.append(_even_odd(path.reify()))
    return layers


# Heads


def _heads(components: dict[str, Any]) -> dict[str, Any]:
    heads = {n: _head(v) for n, v in components["head"]["variants"].items()}
    beards = {n: _head(v, cut=10) for n, v in components["facialHair"]["variants"].items()}
    glasses = {n: [[f, _encode(p, 4)] for f, p in _elements(v)] for n, v in components["accessories"]["variants"].items()}
    faces = {n: _face(n, v) for n, v in components["expression"]["variants"].items()}
    return {"heads": heads, "beards": beards, "glasses": glasses, "faces": faces}


def _head(variant: dict[str, Any], cut: float = 14) -> list[list[str]]:
    """A head's layers; a dark mass in the line layer is hair and gets a layer of its own, so that it can be coloured."""
    out: list[list[str]] = []
    for fill, path in _elements(variant):
        slot = {"headContrast": "hair", "clothing": "cloth"}.get(fill, fill)
        out.append([slot, _encode(path, 4)])
        if slot == "ink":
            mass = _even_odd(path).buffer(-cut).buffer(cut - 7)
            if mass.area > 3000:
                out.append(["hair", _encode_polygons(mass, 4)])
    return out


def _face(name: str, variant: dict[str, Any]) -> dict[str, list[list[str]]]:
    """An expression cut into eyes (with brows and nose) and mouth, so that any eyes can speak with any mouth."""
    line = MOUTH_BELOW.get(name, MOUTH_BELOW["default"])
    out: dict[str, list[list[str]]] = {"eyes": [], "mouth": []}
    for fill, path in _elements(variant):
        subs = [Path(s) for s in path.as_subpaths()]
        low = [_inside_low(s, subs, line) for s in subs]
        for part, flag in (("eyes", False), ("mouth", True)):
            chosen = [s for s, is_low in zip(subs, low, strict=True) if is_low is flag]
            if chosen:
                out[part].append([fill, ";".join(_encode(s, 4) for s in chosen)])
    return out


def _inside_low(sub: Path, subs: list[Path], line: float) -> bool:
    """Whether the outermost subpath around `sub` has its middle below `line`: a tooth goes with its mouth."""
    box = sub.bbox()
    outer = max((b for s in subs if (b := s.bbox()) and b[0] <= box[0] and b[1] <= box[1] and b[2] >= box[2] and b[3] >= box[3]),
                key=lambda b: (b[2] - b[0]) * (b[3] - b[1]))  # fmt: skip
    return bool((outer[1] + outer[3]) / 2 > line)


def _elements(node: dict[str, Any], inherited: Any = None) -> Iterator[tuple[str, Path]]:
    for e in node.get("elements") or node.get("children") or []:
        attributes = e.get("attributes") or {}
        fill = attributes.get("fill", inherited)
        if e["name"] == "g":
            yield from _elements(e, fill)
        else:
            yield (fill["name"] if isinstance(fill, dict) else fill or "ink"), Path(attributes["d"])


# Props and words


def _kept(categories: dict[str, list[str]]) -> list[str]:
    toned = re.compile(r"-(light|medium-light|medium|medium-dark|dark)(-skin-tone)?$|-clock$|-thirty$|o-clock|button$")
    names = [n for group, members in categories.items() for n in members if group in KEPT_GROUPS or n in KEPT_SMILEYS]
    return sorted({n for n in names if not toned.search(n)})


def _drawing(body: str) -> list[list[Any]]:
    """A drawing's shapes, back to front: colour, opacity, path in hundredths of its 32 x 32 box. Empty if it needs filters."""
    if "filter=" in body or "Gradient" in body or "clip-path" in body:
        return []
    svg = SVG.parse(
        io.StringIO(
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="32" height="32">{body}</svg>'
        )
    )
    out: list[list[Any]] = []
    for shape in svg.elements():
        if isinstance(shape, Shape) and shape.fill is not None and shape.fill.value is not None:
            opacity = float(shape.values.get("opacity", 1)) * (shape.fill.opacity or 1)
            rule = "e" if shape.values.get("fill-rule") == "evenodd" else "w"
            out.append([shape.fill.hex[:7], round(opacity, 2), rule, _encode(Path(shape).reify(), 100)])
    return out


def _words(files: dict[str, str], chars: dict[str, str]) -> dict[str, str]:
    """Chinese and English words for the kept drawings: labels first, then tags in the order of the emoji list."""
    words: dict[str, str] = {name.replace("-", " "): name for name in chars.values()}
    entries = [(chars[e["hexcode"].lower()], e) for tongue in ("zh", "en") for e in json.loads(files[f"package/{tongue}/data.json"])
               if e["hexcode"].lower() in chars]  # fmt: skip
    for name, e in entries:
        words.setdefault(e["label"].lower(), name)
    for name, e in entries:
        for tag in e.get("tags", []):
            words.setdefault(tag.lower(), name)
    return words


# Geometry and encoding


def _open(shape: BaseGeometry, width: float, least: float) -> BaseGeometry:
    return unary_union([p for p in _parts(shape.buffer(-width).buffer(width)) if p.area > least])


def _parts(shape: BaseGeometry) -> list[Polygon]:
    return [p for p in getattr(shape, "geoms", [shape]) if isinstance(p, Polygon) and p.area > 0]


def _even_odd(path: Path) -> BaseGeometry:
    rings = [shapely.make_valid(Polygon(r)) for r in _rings(path) if len(r) > 3]
    shape: BaseGeometry = rings[0]
    for ring in rings[1:]:
        shape = shape.symmetric_difference(ring)
    return shape.buffer(0)


def _rings(path: Path) -> list[list[tuple[float, float]]]:
    rings: list[list[tuple[float, float]]] = [[]]
    for s in path:
        if isinstance(s, Move):
            rings.append([(s.end.x, s.end.y)])
        elif isinstance(s, Line | Close):
            rings[-1] += [(s.end.x, s.end.y)] if s.end is not None else []
        else:
            steps = max(2, min(24, int(s.length(error=1e-2) / 5) + 1))
            rings[-1] += [(p.x, p.y) for p in (s.point(i / steps) for i in range(1, steps + 1))]
    return rings


def _encode_polygons(shape: BaseGeometry, scale: float) -> str:
    rings = [r for p in _parts(shape.simplify(0.35)) for r in (p.exterior, *p.interiors)]
    verbs = "".join("M" + "L" * (len(r.coords) - 2) + "Z" for r in rings)
    points = [xy for r in rings for xy in r.coords[:-1]]
    return _pack(verbs, points, scale)


def _encode(path: Path, scale: float) -> str:
    """A path as its verbs (M, L, Q, C, Z) and the differences between its points in units of 1/scale."""
    verbs: list[str] = []
    points: list[tuple[float, float]] = []
    for s in _curves(path):
        match s:
            case Move() | Line():
                step = [s.end]
            case QuadraticBezier():
                step = [s.control, s.end]
            case CubicBezier():
                step = [s.control1, s.control2, s.end]
            case _:
                step = []
        verbs.append({Move: "M", Line: "L", QuadraticBezier: "Q", CubicBezier: "C", Close: "Z"}[type(s)])
        points += [(p.x, p.y) for p in step]
    return _pack("".join(verbs), points, scale)


def _curves(path: Path) -> Iterator[Any]:
    for s in path:
        yield from s.as_cubic_curves() if type(s).__name__ == "Arc" else (s,)


def _pack(verbs: str, points: list[tuple[float, float]], scale: float) -> str:
    whole = np.rint(np.array(points).reshape(-1, 2) * scale).astype(int)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), int)).ravel()
    return f"{scale:g}|{verbs}|{' '.join(map(str, steps))}"


if __name__ == "__main__":
    main(File(sys.argv[1]))
