"""The browser: Chromium, as the machine has it. Tests look for it and never download one.

`python -m tests.browser.chromium` is `make browser`: it finds one, installs Debian's as root, or says what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = ("/usr/bin/chromium", "/snap/bin/chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PLAYWRIGHTS_OWN = "ms-playwright/chromium-*/chrome-linux*/chrome"
QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
AXE = Path(__file__).resolve().parents[2] / ".tools" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
FONTS = "fonts-liberation"  # as wide as Arial, which readers of mail have
MISSING = "Chromium is missing: install it (on Debian: apt install chromium), or Google Chrome."


def find_chromium() -> str | None:
    """The path of a browser that can be driven, or None."""
    named = (shutil.which(name) for name in NAMES)
    placed = (place for place in PLACES if Path(place).is_file())
    cached = sorted((Path.home() / ".cache").glob(PLAYWRIGHTS_OWN), reverse=True)
    return next((path for path in (*named, *placed, *map(str, cached)) if path), None)


def missing() -> str:
    """What keeps the browser tests from running, "" if nothing does."""
    if find_chromium() is None:
        return MISSING
    return "" if AXE.is_file() else "axe-core is not installed."


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser without a window. Chromium's sandbox does not work for root."""
    sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*QUIET, *sandbox])
        yield browser
        browser.close()


def main() -> None:
    if find_chromium() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("installing Debian's chromium ...", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", FONTS]
        subprocess.run(install, check=True, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    if reason := missing():
        sys.exit(reason)
    print(f"browser: {find_chromium()}")


if __name__ == "__main__":
    main()
