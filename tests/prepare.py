"""What the tests need on the machine and pip can't bring: a headless Chromium. Run before pytest, by `make test`."""

import shutil
import subprocess
import sys


def chromium() -> str | None:
    """The browser's path, where the machine has one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def main() -> None:
    if chromium():
        return
    print("Installing Chromium for the browser tests…", flush=True)
    if shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"], check=False, stdout=subprocess.DEVNULL)
    if not chromium():
        subprocess.run([sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"], check=False)


if __name__ == "__main__":
    main()
