"""What is accepted is on the disk, under a name that nothing of the file decides."""

import os
import stat
from io import BytesIO

import pytest

from core import db
from core.settings import settings
from core.tenancy import Scope
from ingest import receive


def test_a_file_and_its_name_are_on_the_disk_before_it_is_accepted(
    scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    real = os.fsync

    def watched(handle: int) -> None:
        kept.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    with db.tenant(scope) as connection:
        receive(scope, "ventas.csv", BytesIO(b"Fecha;Total\n"), connection)
    assert kept == ["file", "folder"]


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..\\..\\x.csv", "/abs", "a\0b\r\nX: y.csv", "", ".", "ñ" * 900]
)
def test_a_name_decides_nothing(scope: Scope, name: str) -> None:
    with db.tenant(scope) as connection:
        upload = receive(scope, name, BytesIO(f"Fecha;Total\n{name!r}".encode()), connection)
    folder = settings().data_dir / "uploads" / str(scope.company_id)
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert path.name.isalnum()
    assert upload.filename.isprintable()
    assert not set(upload.filename) & set("/\\")
    assert 0 < len(upload.filename) <= 200
