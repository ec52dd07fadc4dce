"""Files on their way out: named for people, told how big they are."""

from typing import IO
from urllib.parse import quote

from starlette.responses import StreamingResponse

from server.downloads.writing import pieces, size


def sent(file: IO[bytes], filename: str, media: str) -> StreamingResponse:
    """A file on its way, named for people, never opened by the browser itself."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in filename)[:150] or "archivo"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Length": str(size(file))}
    return StreamingResponse(pieces(file), media_type=media, headers=headers)


def weight(count: int) -> str:
    """'850 B', '12 KB', '3,4 MB'. Pure."""
    for unit, one in (("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)):
        if count >= one:
            value = count / one
            return f"{value:.1f} {unit}".replace(".", ",") if value < 10 else f"{value:.0f} {unit}"
    return f"{count} B"
