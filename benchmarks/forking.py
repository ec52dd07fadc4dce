"""Workers as forks of one process that has everything imported, as the queue's are: a kill falls on the work and not on
its start, and the next one begins at once."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO

from benchmarks import child


@dataclass
class Fork:
    """One worker; `told` is where its parent says that it has ended."""

    pid: int
    told: IO[bytes]
    over: bool = False

    def ended(self, seconds: float = 0) -> bool:
        """Whether it has, within so many seconds."""
        if not self.over and select.select([self.told], [], [], seconds)[0]:
            self.over = self.told.readline() == b"ended\n"
        return self.over

    def kill(self) -> None:
        """SIGKILL, where it still runs; it is gone when this returns."""
        if not self.ended():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def wait(self) -> None:
        assert self.ended(600), "a worker that does not end"


@contextmanager
def forks(module: str, *arguments: str, env: dict[str, str]) -> Iterator[Callable[[], Fork]]:
    """Starts workers, one after the other, from `python -m module arguments`, whose main calls `serve`."""
    parent = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        cwd=child.HOME, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
    )  # fmt: skip
    assert parent.stdin is not None
    assert parent.stdout is not None
    asked, told = parent.stdin, parent.stdout

    def start() -> Fork:
        asked.write(b"start\n")
        return Fork(int(told.readline()), told)

    try:
        yield start
    finally:
        asked.close()
        parent.wait(60)
        told.close()


def serve(work: Callable[[], None]) -> None:
    """In the parent: fork a worker that does `work` for each line that comes in."""
    from core import db

    with db.identity():  # joined once, and nothing open when it forks: as the queue's parent does
        pass
    db.close()
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            try:
                work()
            finally:
                os._exit(0)
        print(pid, flush=True)
        os.waitpid(pid, 0)
        print("ended", flush=True)
