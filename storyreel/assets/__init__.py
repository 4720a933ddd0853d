"""Bytes by their content, on S3 or in a folder."""

from storyreel.assets.folder import FolderStore
from storyreel.assets.store import Store
from storyreel.runtime.settings import Settings

__all__ = ["FolderStore", "Store", "open_store"]


def open_store(settings: Settings) -> Store:
    """The store of the settings: S3 where `S3_ENDPOINT` is set, else the folder `assets` in the data folder."""
    if not settings.s3_endpoint:
        return FolderStore(settings.home_dir / "assets")
    from storyreel.assets.s3 import S3Store  # noqa: PLC0415 (only those who use S3 load its client)

    return S3Store.of(settings)
