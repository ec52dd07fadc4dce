"""Receiving a file: its bytes go to a path made of the company and their hash, its record to `uploads`."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from core import folders
from core.db import Connection
from core.errors import BadInput, Forbidden, TooLarge
from core.settings import settings
from core.tenancy import Permission, Scope
from ingest import uploads
from ingest.types import Upload

BLOCK = 1 << 20


def receive(scope: Scope, filename: str, stream: BinaryIO, connection: Connection) -> Upload:
    """Store what `stream` gives and record it. The same bytes again give the upload that is there, `known`; one that
    failed or was undone may be sent again. What lost a person who was erased stays without them. Raises `TooLarge`,
    `BadInput` (empty, or removed because of such a person), `Forbidden`."""
    if not scope.may(Permission.upload):
        raise Forbidden("upload_forbidden", "Tu usuario puede mirar, pero no subir archivos.", "Pídeselo al dueño.")
    digest, size = _store(scope, stream, lambda found: uploads.redacted(scope, found, connection))
    return uploads.record(scope, _name(filename), digest, size, connection)


def path_of(scope: Scope, digest: bytes) -> Path:
    """Where a company's file with this hash lies. Nothing of the file or its name takes part in the path."""
    return folder_of(scope) / digest.hex()


def folder_of(scope: Scope) -> Path:
    """Where a company's files lie."""
    return settings().data_dir / "uploads" / str(scope.company_id)


def _store(scope: Scope, stream: BinaryIO, redacted: Callable[[bytes], bool]) -> tuple[bytes, int]:
    folder, most = folders.folder("uploads", str(scope.company_id)), settings().max_upload_mb * 1_000_000
    digest, size = sha256(), 0
    with NamedTemporaryFile(dir=folder, prefix=".receiving-", delete=False) as draft:
        try:
            while block := stream.read(BLOCK):
                size += len(block)
                if size > most:
                    raise TooLarge(
                        "file_too_large",
                        f"El archivo pesa más de {settings().max_upload_mb} MB.",
                        "Expórtalo por partes, por ejemplo un año por archivo, y súbelas una a una.",
                    )
                digest.update(block)
                draft.write(block)
            if not size:
                raise BadInput("file_empty", "El archivo está vacío.", "Vuelve a exportarlo y súbelo de nuevo.")
            draft.flush()
            os.fsync(draft.fileno())
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    path = path_of(scope, digest.digest())
    if redacted(digest.digest()):
        Path(draft.name).unlink()
        if not path.exists():
            raise BadInput(
                "file_redacted",
                "Ese archivo ya no lo guardo: traía datos de una persona que pidió ser eliminada.",
                "Quítala del archivo y súbelo de nuevo.",
            )
        return digest.digest(), size
    # Atomic, so that a file that is there is whole; the record is written only after it.
    Path(draft.name).replace(path)
    _keep_names(folder)
    return digest.digest(), size


def _keep_names(folder: Path) -> None:
    """Have the folder's list of files on the disk too: without it a power cut leaves a record whose file is gone."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(filename: str) -> str:
    """The file's own name as shown to people: no folders, no control characters, at most 200 characters."""
    last = PurePosixPath(filename.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable())[:200].strip() or "archivo"
