"""The stage: a database of the evaluation's own, with its companies brought in the way owners bring theirs.

It lies in a folder named after the hash of the files and of the code that reads them, so that it is made once and
found ready until either changes.
"""

import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pandas as pd

import features
import ingest
from core import auth, db
from core.settings import settings
from core.tenancy import Scope
from eval import peers, raw
from eval.companies import SOURCES, TODAY, Source
from features import macro
from ingest import demo

ROOT = Path(__file__).resolve().parents[1]
CODE = ("core", "ingest", "features", "retrieval", "migrations", "eval/stage.py", "eval/companies.py", "eval/peers.py")


@contextmanager
def staged(home: Path, wanted: Collection[str]) -> Iterator[dict[str, Scope]]:
    """The wanted companies that can be had here, by slug, ready to be asked. Uses no service of the operator's."""
    present = [source for source in SOURCES if not source.missing]
    files = _files(home, present)
    folder = home / f"stage-{_fingerprint(files)}"
    for old in home.glob("stage-*"):
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    for name in [n for n in os.environ if n.startswith("AYNI_") and n != "AYNI_SHARED"]:
        del os.environ[name]
    os.environ |= {"AYNI_DATA_DIR": str(folder), "AYNI_DEMO": "false"}
    settings.cache_clear()
    db.migrate()
    with db.owner() as connection:
        macro.load_built_in(connection)
    try:
        yield {s.slug: _company(s, files[s.slug], folder) for s in present if s.slug in wanted}
    finally:
        db.close()


def frame(source: Source, home: Path) -> pd.DataFrame:
    """The company's file as the gold reads it."""
    return raw.read([home / "files" / f"{source.slug}.csv"], source.layout)


def _files(home: Path, sources: Sequence[Source]) -> dict[str, Path]:
    folder = home / "files"
    folder.mkdir(parents=True, exist_ok=True)
    files = {source.slug: folder / f"{source.slug}.csv" for source in sources}
    for source in sources:
        source.write(files[source.slug])
    return files


def _fingerprint(files: dict[str, Path]) -> str:
    seen = sha256()
    code = [path for name in CODE for path in (sorted((ROOT / name).rglob("*.*")) or [ROOT / name])]
    for path in (*files.values(), *code):
        if path.is_file() and "__pycache__" not in path.parts:
            seen.update(path.read_bytes())
    return seen.hexdigest()[:16]


def _company(source: Source, file: Path, folder: Path) -> Scope:
    """Its scope; where it is not whole yet, it is made first. The mark comes last, so it is the sign of wholeness."""
    mark = folder / f"{source.slug}.ready"
    if not mark.exists():
        if source.slug not in {company.slug for company in auth.companies()}:
            auth.create_company(source.name, source.slug, source.sector, source.country)
        _bring_in(source, file, auth.operator_scope(source.slug))
        mark.touch()
    return auth.operator_scope(source.slug)


def _bring_in(source: Source, file: Path, scope: Scope) -> None:
    with db.tenant(scope) as connection, file.open("rb") as stream:
        upload = ingest.receive(scope, file.name, stream, connection)
        outcome = ingest.process(scope, upload.id, connection, lambda _: None)
        if outcome.upload.state != "ready":
            raise RuntimeError(f"{source.slug}: {outcome.upload.message}")
        features.refresh(scope, connection, outcome.touched)
    if source.slug == "demo":
        _set_targets(scope)
        peers.compare(scope)


def _set_targets(scope: Scope) -> None:
    targets = demo.targets(demo.generate(demo.LA_ESPIGA, TODAY))
    with db.tenant(scope) as connection:
        connection.cursor().executemany(
            "INSERT INTO targets (company_id, metric, grain, period_start, value) VALUES (%s, %s, 'month', %s, %s) "
            "ON CONFLICT DO NOTHING",
            [(scope.company_id, t.metric, t.month, t.value) for t in targets],
        )
