"""Which providers there are, by name: what each makes, and where it is. Adding a vendor is one file and one entry here."""

from __future__ import annotations

from storyreel.pipeline.ports import Capability

BUILTIN = "storyreel.providers.builtin"
# name -> capability -> where the class is. A class with `open(capability, settings)` is opened by it, any other by calling it.
VENDORS: dict[str, dict[Capability, str]] = {
    "builtin": {
        "image": f"{BUILTIN}.picture:BuiltinPicture",
        "video": f"{BUILTIN}.video:BuiltinVideo",
        "voice": f"{BUILTIN}.voice:BuiltinVoice",
        "music": f"{BUILTIN}.music:BuiltinMusic",
        "sfx": f"{BUILTIN}.sfx:BuiltinSfx",
    },
    "remote": dict.fromkeys(("image", "video", "voice", "music", "sfx"), "storyreel.providers.remote:RemoteProvider"),
}


def makers(capability: Capability) -> list[str]:
    """The providers that make a kind of thing."""
    return [name for name, makes in VENDORS.items() if capability in makes]
