"""How quick the page is in a real browser: from a keystroke to new results, its weight, and until something is seen.

Keys are pressed one at a time, each once the results of the one before are there: every figure is that of one search.
"""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from benchmarks.browser import Browser, browsing, missing
from benchmarks.latency import free_port, start, wait_until_ready
from benchmarks.scope import MissingDatasetError, Scope
from desk import Settings
from journal import Journal

PAGES = {
    "search": "/?q=Umlaut",
    "ticket": "/ticket",
    "review": "/review",
    "models": "/models",
    "knowledge": "/knowledge",
}
_TYPED = (
    "Drucker druckt leere Seiten",
    "monitor flickers",
    "VPN bricht ab",
    "password reset mail",
    "Umlaut im Dateinamen",
)
_N_WARM = 15
_WATCH = """
window.times = [];
let pressed = null;
const found = document.getElementById("found");
document.getElementById("query").addEventListener("input", () => { pressed = performance.now(); }, true);
new MutationObserver(() => {
  if (found.hasAttribute("aria-busy") || pressed === null) return;
  const begun = pressed;
  pressed = null;
  requestAnimationFrame(() => window.times.push(performance.now() - begun));
}).observe(found, { attributes: true, attributeFilter: ["aria-busy"] });
"""
_WEIGHT = """
const all = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
return all.reduce((sum, one) => sum + one.transferSize, 0);
"""
_PAINT = 'return performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null'


def measure(_: Scope) -> dict[str, Any]:
    """Milliseconds and bytes on the sample, which must be learned and indexed (``make sample``)."""
    if lacking := missing():
        raise MissingDatasetError(lacking)
    with sample_service() as client, browsing(str(client.base_url)) as browser:
        typed = _typed(browser)
        return {
            "case": "sample index, service and browser on one machine, one key at a time",
            "n_keystrokes": len(typed),
            "keystroke_to_results_ms": statistics.median(typed),
            "keystroke_to_results_p90_ms": statistics.quantiles(typed, n=10)[-1],
            "pages": {name: _loaded(browser, path) for name, path in PAGES.items()},
        }


@contextmanager
def sample_service() -> Iterator[httpx.Client]:
    """The service around the settings' model and index, with a copy of their journal, by a client of it."""
    with tempfile.TemporaryDirectory() as folder:
        with Journal.open(Settings().journal) as journal:
            journal.copy_to(Path(folder) / "journal.db")
        port = free_port()
        server = start(port, Path(folder))
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
                wait_until_ready(client)
                yield client
        finally:
            server.terminate()
            server.wait(timeout=30)


def _typed(browser: Browser) -> list[float]:
    """Milliseconds from each key to the results it brought, once everything is warm."""
    browser.open("/")
    browser.script(_WATCH)
    n_expected = 0
    for words in _TYPED:
        browser.find("#query").clear()
        for at, letter in enumerate(words):
            browser.find("#query").send_keys(letter)
            if at > 0:  # one letter is not searched for
                n_expected += 1
                browser.wait(partial(_answered, browser, n_expected))
    times: list[float] = browser.script("return window.times")
    return times[_N_WARM:]


def _answered(browser: Browser, n_expected: int, _: object) -> bool:
    return int(browser.script("return window.times.length")) >= n_expected


def _loaded(browser: Browser, path: str) -> dict[str, float | None]:
    """A page's weight without any cache, and when something was seen."""
    browser.driver.execute_cdp_cmd("Network.setCacheDisabled", {"cacheDisabled": True})
    browser.open(path)
    browser.settled()
    return {"weight_bytes": browser.script(_WEIGHT), "first_contentful_paint_ms": browser.script(_PAINT)}
