"""A headless Chromium with a page of the service in it, as a person has it before them."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

PATIENCE_SECONDS = 120
_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)
_IMAGES_LOADED = "return [...document.images].every(({ complete, loading }) => complete || loading === 'lazy')"
"""Those further down may wait until somebody scrolls there."""
_RUN_AXE = """
const done = arguments[arguments.length - 1];
axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(
  ({ violations }) => done(violations.map(({ id, impact, nodes }) =>
    ({ id, impact, targets: nodes.map(({ target, failureSummary }) => `${target}: ${failureSummary}`) }))));
"""


def missing() -> str:
    """What must be installed before there is a browser; empty where nothing is missing."""
    lacking = [name for name in ("chromium", "chromedriver") if shutil.which(name) is None]
    return f"no {' and no '.join(lacking)} found; `apt-get install chromium chromium-driver`" if lacking else ""


class Browser:
    """One window; every wait ends with an error after two minutes."""

    def __init__(self, driver: webdriver.Chrome, address: str) -> None:
        self.driver, self.address = driver, address

    def open(self, path: str) -> None:
        """Go to a page."""
        self.driver.get(self.address + path)

    def look(self, *, width: int = 1280, height: int = 900, dark: bool = False) -> None:
        """Make the window so large, and prefer a theme."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        theme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        still = {"name": "prefers-reduced-motion", "value": "reduce"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [theme, still]})

    def offline(self, lost: bool) -> None:  # noqa: FBT001 - a switch
        """Lose the connection, or have it back."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        facts = {"offline": lost, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", facts)

    def all(self, selector: str) -> list[WebElement]:
        """What there is now."""
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def find(self, selector: str, *, having: str = "") -> WebElement:
        """The first element that is seen and holds some words, as soon as there is one."""

        def seen(_: object) -> WebElement | None:
            return next((one for one in self.all(selector) if one.is_displayed() and having in one.text), None)

        found: WebElement = self.wait(seen, f"{selector} {having}")
        return found

    def gone(self, selector: str) -> None:
        """Return once nothing of it is seen."""
        self.wait(lambda _: not any(one.is_displayed() for one in self.all(selector)), f"no {selector}")

    def wait(self, holds: Callable[[webdriver.Chrome], Any], what: str = "") -> Any:
        """What ``holds`` gives once it is true."""
        from selenium.common.exceptions import StaleElementReferenceException  # noqa: PLC0415

        waiting = WebDriverWait(self.driver, PATIENCE_SECONDS, 0.1, [StaleElementReferenceException])
        return waiting.until(holds, what)

    def keys(self, *keys: str) -> None:
        """Press keys, wherever the focus is."""
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def script(self, code: str, *arguments: object) -> Any:
        """What a script gives."""
        return self.driver.execute_script(code, *arguments)

    def settled(self) -> None:
        """Return once nothing on the page is being loaded."""
        self.gone("[aria-busy=true], .waiting")
        self.wait(lambda _: self.script(_IMAGES_LOADED))

    def problems(self, axe: str) -> list[dict[str, Any]]:
        """What axe, whose script is given, finds on the page that is serious or critical."""
        self.script(axe)
        found = self.driver.execute_async_script(_RUN_AXE)
        return [one for one in found if one["impact"] in {"serious", "critical"}]

    def strangers(self) -> list[str]:
        """The addresses of other sites that were asked for anything since the log was read last."""
        log = self.driver.get_log("performance")  # type: ignore[no-untyped-call]
        messages = [json.loads(entry["message"])["message"] for entry in log]
        asked = [one["params"]["request"]["url"] for one in messages if one["method"] == "Network.requestWillBeSent"]
        return [url for url in asked if url.startswith("http") and not url.startswith(self.address)]


@contextmanager
def browsing(address: str) -> Iterator[Browser]:
    """A browser that looks at the service there."""
    options = webdriver.ChromeOptions()
    for flag in _FLAGS:
        options.add_argument(flag)
    options.binary_location = shutil.which("chromium") or ""
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        driver.set_script_timeout(PATIENCE_SECONDS)
        browser = Browser(driver, address)
        browser.look()
        yield browser
    finally:
        driver.quit()
