"""What Ayni writes is for the user who runs it alone."""

from pathlib import Path

import pytest

from core.folders import folder
from core.settings import settings


@pytest.mark.parametrize("root", [False, True])
def test_nobody_else_looks_into_ayni_s_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: bool):
    monkeypatch.setattr(settings(), "data_dir", tmp_path / "var")
    monkeypatch.setattr("os.geteuid", lambda: 0 if root else 1000)
    open_before = tmp_path / "var" / "uploads"
    open_before.mkdir(parents=True)
    for path in (tmp_path / "var", open_before):
        path.chmod(0o755)
    made = folder("uploads", "company")
    assert made == (open_before / "company").resolve()
    assert [p.stat().st_mode & 0o077 for p in (open_before, made)] == [0, 0]
    # Run as root, the embedded Postgres is another user and has to pass.
    assert (tmp_path / "var").stat().st_mode & 0o777 == (0o755 if root else 0o700)
