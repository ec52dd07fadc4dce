"""Ayni's own folders under `AYNI_DATA_DIR`: what is kept there is read by the user who runs Ayni and by nobody else."""

import os
from contextlib import suppress
from pathlib import Path

from core.settings import settings

PRIVATE = 0o700


def folder(*parts: str) -> Path:
    """The folder so named, made where it is missing; one that others may look into is closed to them."""
    path = settings().data_dir.resolve()
    path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    if os.geteuid() != 0:  # run as root, the embedded Postgres is another user, who has to pass through here
        _close(path)
    for part in parts:
        path /= part
        path.mkdir(mode=PRIVATE, exist_ok=True)
        _close(path)
    return path


def _close(path: Path) -> None:
    if path.stat().st_mode & 0o077:
        with suppress(PermissionError):  # somebody else's, who gave it to us: theirs to close
            path.chmod(PRIVATE)
