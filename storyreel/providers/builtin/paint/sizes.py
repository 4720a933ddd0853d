"""How tall things are, so that they stand beside people in proportion."""

from __future__ import annotations

_HEIGHTS_M: tuple[tuple[float, str], ...] = (
    (0.16, "mouse|butterfly|bird|ring|coin|old-key|pen|pill|maple-leaf|cup|teacup-without-handle|sake|chess-pawn|watch|gem-stone|envelope|love-letter|red-envelope|mobile-phone"),
    (0.22, "open-book|books|rose|red-apple|wine-glass|beer-mug|steaming-bowl|cooked-rice|dumpling|bread|moon-cake|candle|flashlight|teapot|crown|camera|cherry-blossom|mushroom|radio|crystal-ball|soccer-ball|basketball|hourglass-not-done|microphone|stethoscope"),
    (0.38, "frog|hamster|rabbit|duck|rooster|chicken|goose|monkey-face|cat|black-cat|turtle|hedgehog|birthday-cake|wrapped-gift|bouquet|sunflower|potted-plant|teddy-bear|package|briefcase|handbag|laptop|television|owl|parrot|red-paper-lantern|dagger|scroll|world-map|newspaper|trophy|folding-hand-fan|skull"),
    (0.60, "fox|raccoon|dog|pig|backpack|luggage|penguin|swan|guitar|violin|drum|fire|umbrella-with-rain-drops|shield|bow-and-arrow|axe|ewe|goat|chair|snake|balloon|kite|broom|monkey|money-bag|water-pistol"),
    (0.80, "wolf|koala|boar"),
    (1.05, "deer|tiger|lion|panda|bear|bicycle|motor-scooter|motorcycle|robot|alien|ghost|snowman|table|bench|fishing-pole|cactus|mirror|musical-keyboard|canoe|piano"),
    (1.55, "horse|cow|automobile|taxi|police-car|unicorn|camel|two-hump-camel|door|moai|tent|dolphin"),
    (2.4, "elephant|bus|delivery-truck|ambulance|dragon|train|ship|sailboat|helicopter|flying-saucer|whale|christmas-tree|evergreen-tree|deciduous-tree|palm-tree|lamp_post"),
    (4.2, "house|castle|airplane|rocket|ferris-wheel|statue-of-liberty|lighthouse|windmill|pagoda|spaceship"),
)  # fmt: skip
_HEIGHT = {name: height for height, names in _HEIGHTS_M for name in names.split("|")}
IN_THE_SKY = frozenset(
    [
        "full-moon",
        "sun",
        "star",
        "rainbow",
        "cloud",
        "kite",
        "airplane",
        "helicopter",
        "flying-saucer",
        "dove",
        "eagle",
        "bird",
        "butterfly",
        "balloon",
        "spaceship",
        "rocket",
        "fireworks",
        "shooting-star",
        "hot-air-balloon",
        "crescent-moon",
        "sparkles",
        "owl",
        "blackbird",
    ]
)
FACES = frozenset(  # drawings that are only a head, which get a body to stand on
    [
        "wolf",
        "fox",
        "bear",
        "panda",
        "polar-bear",
        "lion",
        "frog",
        "unicorn",
        "robot",
        "alien",
        "koala",
        "raccoon",
        "hamster",
        "chicken",
        "boar",
        "moose",
        "cat-face",
        "dog-face",
        "tiger-face",
        "cow-face",
        "pig-face",
        "mouse-face",
        "rabbit-face",
        "monkey-face",
        "horse-face",
        "dragon-face",
    ]
)
ALIVE = FACES | frozenset(
    [
        "cat",
        "black-cat",
        "dog",
        "horse",
        "bird",
        "dove",
        "fish",
        "tiger",
        "rabbit",
        "deer",
        "cow",
        "ewe",
        "pig",
        "rooster",
        "duck",
        "dragon",
        "snake",
        "turtle",
        "butterfly",
        "owl",
        "monkey",
        "elephant",
        "mouse",
        "whale",
        "dolphin",
        "eagle",
        "swan",
        "penguin",
        "parrot",
        "hedgehog",
        "ghost",
        "snowman",
        "goat",
        "goose",
        "camel",
        "two-hump-camel",
    ]
)
STANDS_ALONE = frozenset(
    [
        "house",
        "castle",
        "lighthouse",
        "windmill",
        "pagoda",
        "ferris-wheel",
        "deciduous-tree",
        "evergreen-tree",
        "palm-tree",
        "statue-of-liberty",
        "christmas-tree",
    ]
)


def height_m(name: str) -> float:
    """About how tall a thing is drawn, in metres."""
    return _HEIGHT.get(name, 0.34)
