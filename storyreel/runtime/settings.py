"""What a process is told by its environment: read once, by a function, and handed down.

Every field is `STORYREEL_<FIELD>` in upper case, or one of the well-known names beside it (`DATABASE_URL`, `S3_ENDPOINT`, ...).
An empty variable counts as one that is not set.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from storyreel.model.errors import BadInput

PREFIX = "STORYREEL_"
Queue = Literal["desk", "spec", "image", "video", "audio", "post", "io"]
Names = Annotated[tuple[Queue, ...], NoDecode]
Words = Annotated[tuple[str, ...], NoDecode]
OnUnknown = Annotated[dict[str, Literal["ask"] | float], NoDecode]
Slots = Annotated[dict[Queue, int], NoDecode]


class WrongSetting(BadInput):
    """An environment variable holds a value that cannot be used."""

    code = "wrong-setting"


def known_as(field: str, *names: str) -> AliasChoices:
    """The variables that set a field: Storyreel's own name first, then the well-known ones."""
    return AliasChoices(PREFIX + field.upper(), *names)


class Settings(BaseSettings):
    """Everything that can be configured. What is left empty is started or chosen by `storyreel up`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True, hide_input_in_errors=True
    )

    home: Path = Field(default=Path(".storyreel"), description="The data folder of the embedded stack.")

    database_url: str = Field(
        default="",
        repr=False,
        validation_alias=known_as("database_url", "DATABASE_URL"),
        description="PostgreSQL. For `storyreel up` and migrations: as the schema's owner. Empty: one is embedded.",
    )
    app_database_url: str = Field(
        default="",
        repr=False,
        description="PostgreSQL as the role that the API and the workers use: no superuser, not the owner.",
    )
    database_pool_size: int = Field(default=10, ge=1, le=1000)
    database_timeout_s: float = Field(default=5.0, gt=0, description="How long to wait for a connection.")
    postgres_port: int | None = Field(default=None, ge=1, le=65535, description="The embedded server's port; else a free one.")

    temporal_address: str = Field(default="", validation_alias=known_as("temporal_address", "TEMPORAL_ADDRESS"))
    temporal_namespace: str = Field(default="default", validation_alias=known_as("temporal_namespace", "TEMPORAL_NAMESPACE"))
    temporal_bin: Path | None = Field(default=None, description="The Temporal CLI to run as the embedded server.")
    temporal_port: int | None = Field(default=None, ge=1, le=65535)
    temporal_ui_port: int | None = Field(default=None, ge=1, le=65535)
    temporal_headless: bool = Field(default=False, description="Run the embedded server without its web pages.")
    cache: Path | None = Field(default=None, description="Where built and downloaded programs are kept; else the user's cache.")

    s3_endpoint: str = Field(default="", validation_alias=known_as("s3_endpoint", "S3_ENDPOINT"))
    s3_bucket: str = Field(default="storyreel", validation_alias=known_as("s3_bucket", "S3_BUCKET"), min_length=3)
    s3_access_key: SecretStr = Field(default=SecretStr(""), validation_alias=known_as("s3_access_key", "S3_ACCESS_KEY"))
    s3_secret_key: SecretStr = Field(default=SecretStr(""), validation_alias=known_as("s3_secret_key", "S3_SECRET_KEY"))
    s3_region: str = Field(default="us-east-1", validation_alias=known_as("s3_region", "S3_REGION"))

    google_api_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=known_as("google_api_key", "GOOGLE_API_KEY", "GEMINI_API_KEY")
    )
    gemini_base_url: str = Field(default="", validation_alias=known_as("gemini_base_url", "GEMINI_BASE_URL"))
    gemini_model: str = Field(default="gemini-3.8-flash", validation_alias=known_as("gemini_model", "GEMINI_MODEL"))

    provider_text: str = Field(default="auto", description="`auto`: Gemini where a key is set, else rules. Or `rules`.")
    text_prices: dict[Literal["in", "out"], float] = Field(
        default={}, description="What the text model charges in US dollars a million tokens read and written, as JSON."
    )
    provider_image: str = "builtin"
    provider_video: str = "builtin"
    provider_voice: str = "builtin"
    provider_music: str = "builtin"
    provider_sfx: str = "builtin"
    remote_provider_url: str = Field(default="", description="The address of a provider of one's own that speaks our protocol.")
    remote_provider_key: SecretStr = Field(default=SecretStr(""), description="Its key, sent as a bearer token.")
    remote_provider_prices: dict[Literal["image", "video", "voice", "music", "sfx"], float] = Field(
        default={}, description="What it charges in US dollars a picture, second, thousand characters or piece, as JSON."
    )
    assume_charged_below_usd: float = Field(
        default=0.0,
        ge=0,
        description="A call that may have been made, at a provider that cannot tell, is paid again up to this price.",
    )
    on_unknown: OnUnknown = Field(
        default={},
        description="The same by provider, as `remote=0.50` (assume charged, send again up to that price) or `remote=ask` (a person).",
    )
    provider_limits: str = Field(
        default="", description="How fast providers may be asked, everywhere together: `remote=60/min,at once 4; other=5/s`."
    )
    provider_patience_s: float = Field(
        default=7200.0, gt=0, description="How long a provider may be at one job before it is called off and tried anew."
    )
    queue_wait_s: float = Field(
        default=3600.0,
        gt=0,
        description="Where renders would wait longer than this, a person is asked, and offered less or later.",
    )
    spending_threshold_usd: float = Field(default=1.0, ge=0, description="Above this a person is asked before money is spent.")

    deleted_days: int = Field(default=30, ge=0, description="How many days a deleted project can be restored.")

    upload_most_bytes: int = Field(default=2 << 30, ge=1, description="The largest file that is taken in, piece by piece.")
    upload_lasts_s: float = Field(default=86_400.0, gt=0, description="An upload that is not finished by then is swept.")
    picture_most_px: int = Field(default=100_000_000, ge=1, description="Width x height of the largest picture or frame.")
    import_root: Path | None = Field(default=None, description="The one folder that may be imported from; else none.")
    import_buckets: Words = Field(default=(), description="The buckets of S3_ENDPOINT that may be imported from, by commas.")
    import_hosts: Words = Field(
        default=(), description="Hosts inside the network that may be imported from, by commas; else only public ones."
    )
    import_most_files: int = Field(default=500, ge=1, le=1000, description="The most files that one import takes in.")
    import_timeout_s: float = Field(default=120.0, gt=0, description="The longest that fetching one file may take.")
    provider_embedding: str = Field(
        default="", description="Who says what a picture shows, for search by meaning: `remote`, or none."
    )

    api: str = Field(default="", description="The address of an API for the command line; else the stack of the data folder.")
    api_host: str = "127.0.0.1"
    api_port: int | None = Field(default=None, ge=1, le=65535, description="Else the first free port from 8710.")
    api_fd: int | None = Field(
        default=None, ge=3, description="A listening socket that is handed down, so that several API processes share one address."
    )
    api_unready_s: float = Field(
        default=0.0,
        ge=0,
        description="How long an API that is told to stop says that it is not ready, before it stops to listen.",
    )
    worker_queues: Names = Field(default=(), description="The queues that a worker serves, by commas; empty: all.")
    worker_slots: Slots = Field(default={}, description="Activities at once by queue, as `image=4,post=1`.")
    worker_grace_s: float = Field(
        default=8.0, ge=0, le=3600, description="How long a worker that is told to stop lets what is being made end by itself."
    )
    join: str = Field(
        default="", repr=False, description="The API of the installation that a worker joins: http://[:secret@]host:port."
    )
    join_secret: SecretStr = Field(
        default=SecretStr(""), description="Who knows it may join as a worker and is given the addresses; empty: nobody may."
    )
    build_id: str = Field(
        default="", max_length=200, description="Which build a worker is, for rolling deploys; empty: not versioned."
    )
    deployment: str = Field(
        default="storyreel", pattern=r"^[^.:]{1,100}$", description="What the builds of a worker are builds of."
    )

    temporal_ui: str = Field(
        default="", description="The address of Temporal's web pages, for links; else those of `storyreel up`."
    )
    trace_url: str = Field(default="", description="Where a trace is looked at, with {trace} for its id, for links.")
    otlp_endpoint: str = Field(default="", validation_alias=known_as("otlp_endpoint", "OTEL_EXPORTER_OTLP_ENDPOINT"))
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "console", "json"] = Field(default="auto", description="`auto`: console on a terminal.")

    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Where a worker tells its figures to Prometheus; Temporal's own are on the port after it.",
    )
    langfuse_host: str = Field(default="", validation_alias=known_as("langfuse_host", "LANGFUSE_HOST"))
    langfuse_public_key: str = Field(default="", validation_alias=known_as("langfuse_public_key", "LANGFUSE_PUBLIC_KEY"))
    langfuse_secret_key: SecretStr = Field(
        default=SecretStr(""), validation_alias=known_as("langfuse_secret_key", "LANGFUSE_SECRET_KEY")
    )
    langfuse_content: bool = Field(
        default=False, description="Whether what is said to the planning model, and its answer, go along."
    )

    backup_to: str = Field(
        default="",
        description="Where the daily backup and the database's log go: a folder, or s3://bucket/prefix. Empty: only `storyreel backup`.",
    )
    backup_days: int = Field(default=30, ge=1, description="How many days a backup is kept; the newest good one stays.")
    backup_s3_endpoint: str = Field(default="", description="The server of an s3:// backup where it is another than S3_ENDPOINT.")
    backup_s3_access_key: SecretStr = SecretStr("")
    backup_s3_secret_key: SecretStr = SecretStr("")

    @field_validator("worker_queues", "import_buckets", "import_hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("worker_slots", "on_unknown", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        pairs = (part.partition("=") for part in value.split(",") if part.strip())
        return {queue.strip(): slots.strip() for queue, _, slots in pairs}

    @property
    def app_dsn(self) -> str:
        """The database address for everything but migrations."""
        return self.app_database_url or self.database_url

    @property
    def home_dir(self) -> Path:
        """The data folder as an absolute path."""
        return self.home.expanduser().resolve()


def load(**given: Any) -> Settings:
    """The settings of this process's environment; `given` fields come before the environment.

    Raises:
        WrongSetting: a variable holds a value that cannot be used; the message names it.
    """
    try:
        return Settings(**given)
    except ValidationError as wrong:
        raise WrongSetting("; ".join(_said(error["loc"], error["msg"]) for error in wrong.errors())) from None


def variables(field: str) -> tuple[str, ...]:
    """The environment variables that set a field, the first the preferred one."""
    alias = Settings.model_fields[field].validation_alias
    return tuple(str(name) for name in alias.choices) if isinstance(alias, AliasChoices) else (PREFIX + field.upper(),)


def environment(settings: Settings) -> dict[str, str]:
    """The variables that give another process the same settings; what is at its default is left out."""
    given = {field: getattr(settings, field) for field in settings.model_fields_set}
    return {variables(field)[0]: _word(field, value) for field, value in given.items() if value is not None}


def _word(field: str, value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if field in ("worker_slots", "on_unknown"):
        return ",".join(f"{key}={slots}" for key, slots in cast("dict[str, int]", value).items())
    if isinstance(value, dict):
        return json.dumps(value)
    return ",".join(cast("tuple[str, ...]", value)) if isinstance(value, tuple) else str(value)


def _said(loc: tuple[int | str, ...], message: str) -> str:
    name, *inner = (str(part) for part in loc or ("settings",))
    known = next((names for names in map(variables, Settings.model_fields) if name in names), None)
    known = known or (variables(name) if name in Settings.model_fields else (name,))
    variable = next((each for each in known if os.environ.get(each)), known[0])
    inside = ".".join(part for part in inner if part != "[key]")
    return f"{variable}{f' ({inside})' if inside else ''}: {message[:1].lower()}{message[1:]}"
