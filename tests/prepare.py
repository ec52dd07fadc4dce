"""What the tests need on the machine and pip can't bring: a headless Chromium. Run before pytest, by `make test`.

Tries the system's packages, then Playwright's own download. Where neither works, the browser tests are skipped.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

APT = ("apt-get", "-qq", "-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """The browser's path, where the machine has one that starts."""
    found = (path for name in NAMES if (path := shutil.which(name)))
    return next((path for path in (*found, *_downloaded()) if _starts(path)), None)


def main() -> None:
    if chromium():
        return
    print("Installing Chromium for the browser tests (once)…", flush=True)
    for attempt in (_by_apt, _by_playwright):
        attempt()
        if chromium():
            return
    print("No Chromium could be installed: the browser tests will be skipped.", flush=True)


def _by_apt() -> None:
    if not shutil.which("apt-get"):
        return
    root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if root and not shutil.which("sudo"):
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _quietly([*root, *APT, "update"], environment)
    _quietly([*root, *APT, "install", "--yes", "--no-install-recommends", "chromium"], environment)


def _by_playwright() -> None:
    _quietly([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))


def _quietly(command: list[str], environment: dict[str, str]) -> None:
    try:
        subprocess.run(
            command, check=False, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=300
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        print(f"{command[0]}: {problem}", file=sys.stderr)


def _downloaded() -> list[str]:
    """What Playwright has downloaded, newest first."""
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return [str(path) for path in sorted(folder.glob("chromium-*/chrome-linux*/chrome"), reverse=True)]


def _starts(path: str) -> bool:
    """Some systems' `chromium` only says that it wants to be installed otherwise."""
    try:
        command = [path, "--version", "--no-sandbox"]
        return subprocess.run(command, check=False, capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    main()
