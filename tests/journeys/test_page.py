"""What people do on the page all day, in a real browser, against a real service with a real model and index."""

import json
import random
import string
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.journeys.conftest import served

pytest.importorskip("selenium", reason="selenium is not installed; `pip install -e '.[dev]'`")
from benchmarks.browser import Browser, browsing, missing
from selenium.webdriver.common.keys import Keys

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(missing()), reason=missing())]
AXE = Path(__file__).with_name("axe.min.js").read_text("utf-8")
QUERY = "Drucker druckt nicht"
TICKET = "Der Etikettendrucker druckt seit heute frueh nur noch leere Etiketten, obwohl die Vorschau stimmt."
LABELLED = "fieldset.asked"


@pytest.fixture(scope="module")
def key(json_from: Callable[[list[str]], dict], indexed: dict) -> dict:
    """A key that opens every page."""
    return json_from(["keys", "create", "Erika", "--scope", "admin", "--json"])


@pytest.fixture(scope="module")
def candidate(history: Path, json_from: Callable[[list[str]], dict], version: str) -> str:
    """A second model on the shelf, which does not answer."""
    return json_from(["train", str(history), "--plan", "fast", "--no-primer", "--json"])["version"]


@pytest.fixture(scope="module")
def service(environment: dict[str, str], indexed: dict, candidate: str) -> Iterator[httpx.Client]:
    """A service that asks for keys."""
    with served(environment | {"STELLWERK_AUTHENTICATION": "keys"}) as client:
        yield client


@pytest.fixture(scope="module")
def window(service: httpx.Client) -> Iterator[Browser]:
    """One browser for all journeys."""
    with browsing(str(service.base_url)) as browser:
        yield browser


@pytest.fixture
def browser(window: Browser, key: dict) -> Iterator[Browser]:
    """The browser in English, signed in."""
    window.look()
    window.open("/?lang=en")
    if window.all("#sign-in"):
        sign_in(window, key["key"])
    yield window
    window.offline(False)
    errors = [entry for entry in window.driver.get_log("browser") if "Uncaught" in entry["message"]]
    assert not errors


def sign_in(browser: Browser, key: str) -> None:
    browser.find("#key").send_keys(key, Keys.ENTER)
    browser.find(".pages")


def search(browser: Browser, words: str) -> None:
    browser.find("#query").clear()
    browser.find("#query").send_keys(words)
    browser.find("#found [data-hit]")
    browser.wait(lambda _: f"q={words.split(maxsplit=1)[0]}" in browser.driver.current_url)
    browser.settled()


def nonsense() -> str:
    """Words that say nothing, so that a person must look."""
    return "".join(random.choices(string.ascii_lowercase, k=9))


def test_a_search_ends_with_its_resolution_on_the_clipboard(browser):
    """Typed words give tickets beside articles; arrows choose, and one key copies how it was solved."""
    browser.keys("/")
    search(browser, QUERY)
    assert browser.find("#found section[data-kind=ticket] mark")
    assert browser.all("#found section[data-kind=article] [data-hit]")
    browser.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    chosen = browser.script("return document.activeElement.dataset.hit")
    assert chosen == browser.all("#found [data-kind=ticket] [data-hit]")[1].get_attribute("data-hit")
    solution = browser.find(".solution p").text
    browser.find(".thread h3", having="What was asked")
    browser.keys("c")
    browser.find(".preview [role=status]", having="Copied")
    browser.driver.set_permissions("clipboard-read", "granted")
    assert browser.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])") == solution
    browser.keys("y")
    browser.find(".votes [role=status]", having="Thank you")

    link = browser.driver.current_url
    browser.open("/models")
    browser.driver.get(link)
    assert browser.find("#found [aria-current]").get_attribute("data-hit") == chosen
    assert browser.find(".solution p").text == solution


def test_filters_narrow_what_was_found(browser):
    """A chip leaves documents of one product; pressed again, all are back."""
    search(browser, QUERY)
    n_found = len(browser.all("#found [data-hit]"))
    chip = browser.find("#filters .chip", having="Product")
    product = chip.text.removeprefix("Product").strip()
    chip.click()
    browser.find("#filters [aria-pressed=true]", having=product)
    browser.settled()
    shown = [one.text for one in browser.all("#found .tags li:first-child")]
    assert shown
    assert set(shown) == {product}
    browser.find("#filters [aria-pressed=true]").click()
    browser.wait(lambda _: len(browser.all("#found [data-hit]")) == n_found)


def test_a_pasted_ticket_is_understood_and_corrected(browser, environment, json_from):
    """The page says what to do and why, shows how like tickets were solved, and keeps a correction."""
    browser.open("/ticket")
    browser.find("#body").send_keys(TICKET, Keys.CONTROL, Keys.ENTER)
    browser.find(".decision h3")
    browser.find(".counted mark")
    assert len(browser.all(".prediction")) == 2
    browser.find("#related .proof")
    browser.find("#related .resolution")
    other = next(one for one in browser.all(".prediction .label") if "predicted" not in one.get_attribute("class"))
    other.click()
    browser.find(".answer", having="Thank you")
    assert other.get_attribute("aria-pressed") == "true"


def test_a_ticket_is_opened_by_its_number(browser, service, key):
    """A helpdesk's link opens the ticket that was classified, and an unknown number says so."""
    facts = {"id": "HD-4711", "subject": "Etiketten", "body": TICKET}
    service.post("/v1/classifications", json=facts, headers=bearer(key)).raise_for_status()
    browser.open("/?ticket=HD-4711")
    browser.find(".decision h3")
    assert browser.find("#body").get_attribute("value") == TICKET
    browser.open("/ticket?ticket=nobody-knows")
    browser.find(".failure", having="nobody-knows")


def test_three_reviews_are_done_by_keyboard(browser, service, key):
    """Digits label, Enter saves and shows the next one; nothing tells what the model thought."""
    for _ in range(4):
        service.post("/v1/classifications", json={"body": nonsense()}, headers=bearer(key)).raise_for_status()
    before = service.get("/v1/reviews", headers=bearer(key)).json()["n_waiting"]
    assert before >= 4
    browser.open("/review")
    for _ in range(3):
        ticket = browser.find("#review .full").text
        browser.keys("1")
        browser.find(f"{LABELLED}[data-target=category]")
        browser.keys("2", Keys.ENTER)
        browser.wait(lambda _, ticket=ticket: browser.find("#review .full").text != ticket)
    browser.find("#left", having=str(before - 3))
    assert service.get("/v1/reviews", headers=bearer(key)).json()["n_waiting"] == before - 3
    for word in ("confidence", "%", "Erika"):
        assert word not in browser.find("#review").text


def test_a_model_is_promoted_and_rolled_back(browser, service, key, version, candidate):
    """What changes is read before it is done; afterwards the other model answers, and then the first one again."""
    browser.open("/models")
    card = browser.find(".model", having=candidate)
    card.find_element("css selector", ".promote").click()
    assert version in browser.find("#changes").text
    browser.find("#confirmed").click()
    browser.find(".done", having=candidate)
    assert service.get("/v1/models", headers=bearer(key)).json()["champion"] == candidate
    browser.find("#roll-back").click()
    browser.find("#confirmed").click()
    browser.find(".done", having="before")
    assert service.get("/v1/models", headers=bearer(key)).json()["champion"] == version


def test_the_language_is_switched_and_kept(browser):
    """The other language keeps the search, and holds on the next page."""
    search(browser, QUERY)
    browser.find(".languages [lang=de]").click()
    browser.find("#found h2", having="Gelöste Tickets")
    assert browser.find("#query").get_attribute("value") == QUERY
    browser.find(".pages a", having="Modelle").click()
    assert browser.find("h1").text == "Modelle"
    assert browser.script("return document.documentElement.lang") == "de"


def test_a_lost_connection_is_told_and_recovered_from(browser):
    """While nothing can be reached the page says so; then it goes on by itself with what was asked."""
    search(browser, QUERY)
    browser.offline(True)
    browser.find("#query").send_keys(" leer")
    browser.find("#connection", having="lost")
    browser.offline(False)
    browser.find("#connection", having="back")
    browser.wait(lambda _: "leer" in browser.driver.current_url)
    browser.settled()
    assert browser.find("#found [data-hit]")


def test_an_expired_session_asks_for_a_key_and_goes_on(window, service, environment, json_from, key):
    """Where a session has ended, the page asks for a key above what was typed, and then does what was asked."""
    guest = json_from(["keys", "create", "guest", "--scope", "admin", "--json"])
    window.driver.delete_all_cookies()
    window.open("/ticket?lang=en")
    sign_in(window, guest["key"])
    window.find("#body").send_keys(TICKET)
    json_from(["keys", "revoke", guest["id"], "--json"])
    window.find("#ticket .primary").click()
    window.find("#expired", having="session has ended")
    window.find("#key-again").send_keys("stw_wrong", Keys.ENTER)
    window.find("#refusal-again")
    window.find("#key-again").clear()
    window.find("#key-again").send_keys(key["key"], Keys.ENTER)
    window.find(".decision h3")
    assert window.find("#body").get_attribute("value") == TICKET


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (390, False)], ids=["wide-dark", "narrow-light"])
@pytest.mark.parametrize(
    ("path", "ready"),
    [
        (f"/?q={QUERY}", ".hit"),
        ("/ticket?ticket=HD-AXE", "#related .hit"),
        ("/review", "#review .full"),
        ("/models", ".plots img"),
        ("/knowledge", "#knowledge table"),
    ],
    ids=["search", "ticket", "review", "models", "knowledge"],
)
def test_everybody_can_use_every_page(browser, service, key, path, ready, width, dark):
    """No page has what axe calls serious or critical, scrolls sideways, or asks another site for anything."""
    for facts in ({"id": "HD-AXE", "body": TICKET}, {"body": nonsense()}):
        service.post("/v1/classifications", json=facts, headers=bearer(key)).raise_for_status()
    browser.strangers()
    browser.look(width=width, dark=dark)
    browser.open(path)
    browser.find(ready)
    browser.settled()
    assert not json.dumps(browser.problems(AXE), indent=1).strip("[]")
    assert browser.script("return document.documentElement.scrollWidth") <= width
    assert not browser.strangers()


def test_the_page_to_sign_in_can_be_used_by_everybody(window):
    """The same holds before anybody is known."""
    window.look()
    window.driver.delete_all_cookies()
    window.open("/?lang=de")
    window.find("#sign-in")
    assert not window.problems(AXE)


def bearer(key: dict) -> dict[str, str]:
    return {"Authorization": f"Bearer {key['key']}"}
