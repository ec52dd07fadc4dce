"""Celery's queue in a folder, for a machine without Redis: kombu's own, made safe for readers beside writers."""

import uuid
from pathlib import Path
from time import time_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):  # type: ignore[misc]
    """A message appears under its final name only when it is whole; kombu's own can be read while still empty."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:
        name = f"{time_ns()}_{uuid.uuid4()}.{queue}.msg"
        draft = Path(self.data_folder_out) / f".{name}.draft"
        draft.write_bytes(str_to_bytes(dumps(payload)))
        draft.rename(Path(self.data_folder_out) / name)


class Transport(filesystem.Transport):  # type: ignore[misc]
    """What `ayni-files://` names."""

    Channel = Channel
