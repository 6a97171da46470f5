"""Take pictures of every page in both languages and themes: ``python -m benchmarks.screenshots docs/images``.

Needs Debian's ``chromium`` and ``chromium-driver``, and a sample that is learned and indexed (``make sample``).
"""

import io
import sys
from itertools import product
from pathlib import Path

import httpx
from PIL import Image

from benchmarks.browser import Browser, browsing, missing
from benchmarks.page import sample_service
from benchmarks.sample import solved_tickets

_QUERY = {"de": "Etiketten bleiben leer", "en": "label printer prints blank labels"}
_TICKET = {
    "de": "Seit heute früh druckt der Etikettendrucker nur noch leere Etiketten, die Vorschau stimmt aber.",
    "en": "Since this morning the label printer prints nothing but blank labels, though the preview is right.",
}
_N_CLASSIFIED = 60
_N_COLOURS = 96


def main(folder: Path) -> int:
    """Start the service, take the pictures, stop the service; 1 where there is no browser."""
    if lacking := missing():
        print(lacking, file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with sample_service() as client, browsing(str(client.base_url)) as browser:
        _fill(client)
        for language, dark in product(("en", "de"), (False, True)):
            browser.look(dark=dark)
            for name, path, ready in _pages(language):
                browser.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
                browser.find(ready)
                browser.settled()
                _take(browser, folder / f"{name}-{language}-{'dark' if dark else 'light'}.png")
    return 0


def _pages(language: str) -> list[tuple[str, str, str]]:
    return [
        ("search", f"/?q={_QUERY[language]}", ".thread .full"),
        ("ticket", f"/ticket?ticket=HD-{language}", "#related .hit"),
        ("review", "/review", "#review .full"),
        ("models", "/models", ".plots img"),
        ("knowledge", "/knowledge", "#knowledge table"),
    ]


def _fill(client: httpx.Client) -> None:
    """Let the model decide some tickets of the sample, and two that say too little."""
    solved = solved_tickets()
    tickets = [one.ticket for one in solved[:: len(solved) // _N_CLASSIFIED]]
    facts = [{"subject": one.subject, "body": one.body, "product": one.product} for one in tickets]
    facts += [{"id": f"HD-{language}", "body": words} for language, words in _TICKET.items()]
    facts += [{"subject": "Problem", "body": "geht nicht"}, {"body": "???"}]
    client.post("/v1/classifications/batch", json={"tickets": facts}).raise_for_status()


def _take(browser: Browser, file: Path) -> None:
    """One picture, in few colours so that it stays small."""
    picture = Image.open(io.BytesIO(browser.driver.get_screenshot_as_png())).convert("RGB")
    picture.quantize(_N_COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
