"""Write `storyreel/runtime/tables.py` from a database that holds `schema.sql`: `python -m tools.generate_tables DATABASE_URL`."""

from __future__ import annotations

import re
import sys
import warnings
from pathlib import Path

from sqlacodegen.generators import TablesGenerator
from sqlalchemy import MetaData, create_engine

TARGET = Path(__file__).parents[1] / "storyreel" / "runtime" / "tables.py"
HEADER = '''"""The tables as SQLAlchemy knows them, generated from `schema.sql` by `tools/generate_tables.py`; not edited by hand."""

'''


def generate(url: str) -> str:
    """The module's text, from the database at `url`."""
    engine = create_engine(url)
    metadata = MetaData()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metadata.reflect(engine)
        text = TablesGenerator(metadata, engine, ["nonativeenums", "noindexes", "nocomments"]).generate()
    engine.dispose()
    return HEADER + re.sub(r"^t_(\w+) = Table", r"\1 = Table", text, flags=re.MULTILINE)


if __name__ == "__main__":
    TARGET.write_text(generate(sys.argv[1]), encoding="utf-8")
