"""Work done in a process of its own, so that its time and its peak memory are its own."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1]


def run(module: str, *arguments: str, data_dir: Path) -> dict[str, Any]:
    """Run `python -m module arguments` with `data_dir` as Ayni's folder and read the JSON of its last line."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=HOME,
        env=environment(data_dir),
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def environment(data_dir: Path, **more: str) -> dict[str, str]:
    """This process's environment without the operator's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AYNI_")}
    return {**kept, "AYNI_DATA_DIR": str(data_dir), **more}


def tell(work: Callable[[], dict[str, Any]]) -> None:
    """What a child's main does: work, and print what came out, with the process's peak memory and processor time."""
    result = work()
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({**result, "peak_mb": used.ru_maxrss / 1024, "cpu_seconds": used.ru_utime + used.ru_stime}))
