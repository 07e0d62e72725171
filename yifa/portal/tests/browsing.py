"""A whole site in its own process on a test's database, and a real Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[3]
STATIC = ROOT / "yifa" / "site" / "static"
AXE = ROOT / "frontend" / "desk" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SHOTS = os.environ.get("YIFA_SHOTS", "")


def needed() -> None:
    """Skips visibly where there is no browser or no built front end; never when CI=true."""
    if not (CHROMIUM and AXE.exists() and (STATIC / "dist" / "verify.js").exists()):
        assert os.environ.get("CI") != "true", "Chromium or the built front end is missing"
        pytest.skip("Chromium or the built front end is missing")


@contextmanager
def serving(own_db: Any, *, static: Path = STATIC, application: str = "yifa.site.wsgi:application") -> Iterator[str]:
    """The address of the site while it runs. `static` is what is mounted: the front end alone, or everything collected."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    words = ["-m", "granian", application, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    words += ["--static-path-route", "/static", "--static-path-mount", str(static)]
    environment = {**own_db.environment(), "YIFA_PUBLIC_URL": url, "YIFA_FILES": str(settings.FILES)}
    server = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"{url}/remedies/")
        yield url
    finally:
        server.terminate()
        server.wait(20)


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {url}")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def follow(page: Page, link: Locator) -> None:
    """Clicks what opens another page, and is there only when that page is: a click alone does not wait for it."""
    with page.expect_navigation(wait_until="load"):
        link.click()


def inspect(page: Page, name: str) -> None:
    """Nothing wider than the screen and nothing serious for axe; a picture when asked for (YIFA_SHOTS)."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert over <= 0, f"{name} is {over} px too wide"
    # Spoken by the debugger: the page's own policy lets no script in.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)")
    serious = [
        (v["id"], [(node["html"][:120], node["failureSummary"][-200:]) for node in v["nodes"][:3]])
        for v in found
        if v["impact"] in {"serious", "critical"}
    ]
    assert not serious, (name, serious)
