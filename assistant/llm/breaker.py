"""Stop asking an endpoint that does not answer. The clock is passed in."""

from dataclasses import dataclass
from threading import Lock

_TRIES = 3
_PAUSE_SECONDS = 60.0


@dataclass(slots=True)
class Breaker:
    """Opens after three failures in a row; a minute later one question tries again, and its outcome decides."""

    failures: int = 0
    open_until: float = 0.0

    def allows(self, now: float) -> bool:
        """Whether to ask. After a pause it lets one through and closes behind it."""
        with _lock:
            if self.failures < _TRIES:
                return True
            if now < self.open_until:
                return False
            self.open_until = now + _PAUSE_SECONDS
            return True

    def record(self, well: bool, now: float) -> None:
        """How asking went."""
        with _lock:
            self.failures = 0 if well else self.failures + 1
            if self.failures >= _TRIES:
                self.open_until = now + _PAUSE_SECONDS


_lock = Lock()
_breakers: dict[str, Breaker] = {}


def breaker(endpoint: str) -> Breaker:
    """The process's breaker of `endpoint`."""
    with _lock:
        return _breakers.setdefault(endpoint, Breaker())
