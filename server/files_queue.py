"""Celery's queue in a folder, for a machine without Redis: kombu's own, made safe for readers beside writers."""

import json
import uuid
from pathlib import Path
from time import time_ns
from typing import Any

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """A message appears under its final name only when it is whole; kombu's own can be read while still empty."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # kombu's own does too
        name = f"{time_ns()}_{uuid.uuid4()}.{queue}.msg"
        draft = Path(self.data_folder_out) / f".{name}.draft"
        draft.write_bytes(json.dumps(payload).encode())
        draft.rename(Path(self.data_folder_out) / name)


class Transport(filesystem.Transport):
    """What `ayni-files://` names."""

    Channel = Channel
