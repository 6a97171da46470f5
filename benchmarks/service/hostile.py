"""Tickets that mean a service harm, the same ones for the same seed: hostile words, and bodies that are no request."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

PATHS: Final = ("/v1/classifications", "/v1/search", "/v1/duplicates")
_SHORT, _LONG, _LINE = 400, 60_000, 5_000_000
_EVERY_LINE: Final = 500
"""One request in so many is a line of five million characters: they take as long as all others together."""
_JSON: Final = "application/json"
_CONTROLS: Final = "".join(map(chr, (*range(32), 127, *range(0x80, 0xA0))))
_DIRECTIONS: Final = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\U000e0020\U000e007f"
_COMBINING: Final = "".join(map(chr, range(0x300, 0x370)))
_WORDS: Final = [
    "Drucker",
    "Fehler",
    "Anmeldung",
    "ORA-00942",
    "crash",
    "Passwort",
    "0x80070005",
    "java.lang.NullPointerException",
    "Müller",
]


@dataclass(frozen=True, slots=True)
class HostileRequest:
    """One request, as it goes over the wire."""

    kind: str
    path: str
    body: bytes
    content_type: str


def requests(seed: int, n: int, *, lines: bool = True) -> Iterator[HostileRequest]:
    """``n`` requests of all kinds in turn.

    Parameters
    ----------
    lines : bool
        Whether lines of five megabytes are among them.
    """
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    kinds = [*_TEXTS, *_BODIES]
    for i in range(n):
        path = PATHS[0] if i % 4 else chance.choice(PATHS)
        if lines and i % _EVERY_LINE == _EVERY_LINE - 1:
            yield _asked("line", path, _line(chance))
        elif (kind := kinds[i % len(kinds)]) in _TEXTS:
            yield _asked(kind, path, _TEXTS[kind](chance))
        else:
            body, content_type = _BODIES[kind](chance)
            yield HostileRequest(kind, path, body, content_type)


def _asked(kind: str, path: str, words: str) -> HostileRequest:
    ticket = {"id": words[:100], "subject": words[:200], "body": words, "product": words[:50], "language": words[:9]}
    asked = {"query": words} if path == "/v1/search" else ticket
    return HostileRequest(kind, path, json.dumps(asked).encode(), _JSON)


def _some(chance: random.Random, characters: str, n: int = _SHORT) -> str:
    return "".join(chance.choices(characters, k=chance.randint(1, n)))


def _between(characters: str) -> Callable[[random.Random], str]:
    """Words with these characters strewn among their letters."""

    def text(chance: random.Random) -> str:
        letters = list(" ".join(chance.choices(_WORDS, k=20)))
        for _ in range(chance.randint(1, 200)):
            letters.insert(chance.randrange(len(letters)), chance.choice(characters))
        return "".join(letters)

    return text


def _line(chance: random.Random) -> str:
    unit = chance.choice(("a", "a ", "<", "Fehler ", "=", "a@", "\t", "1.", "ä", "at x.y(Z.java:1) ", "> ", "0"))
    return (unit * _LINE)[:_LINE]


_UNITS: Final = (
    "a", " ", "\n", "\n ", ">", "> ", "-", "=", "_", "(", "[", "{", "<", "<a", "</", "&", "&#", "a@", "@", "a.", "1",
    "1-", "1 ", "0x", ":", "::", "\\", "/", "/a", "%", "'", '"', "a:", "\tat a.b(", "  at ", "DE", "DE89 ", "+49 ", "!",
    "www.", "Caused by: ", "Am 1.1. schrieb ", "From: a\n", "-- \n", "http://", "a-", "A1", "\r", "\r\n", "*", "#", "|",
    "|-", "`",
)  # fmt: skip


def _bomb(chance: random.Random) -> str:
    """What makes a careless pattern try again and again."""
    n = chance.choice((1_000, 10_000, _LONG))
    unit = chance.choice(_UNITS)
    return unit * (n // len(unit)) + chance.choice(("", "!", "\n", "x", "\0", "@a"))


def _html(chance: random.Random) -> str:
    tag = chance.choice(("div", "b", "table", "script", "!--", "svg", "style", "p"))
    n = chance.choice((10, 1_000, 10_000))
    return f"<{tag}>" * n + "x" + chance.choice(("", f"</{tag}>" * n, "<!-- ", "]]>", "&#xD800;", "&#99999999999;"))


def _surrogates(chance: random.Random) -> str:
    return _between("".join(map(chr, range(0xD800, 0xE000, 97))))(chance)


def _anything(chance: random.Random) -> str:
    return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randint(1, _SHORT)))


_TEXTS: Final[dict[str, Callable[[random.Random], str]]] = {
    "control": _between(_CONTROLS),
    "direction": _between(_DIRECTIONS),
    "invisible": _between(_INVISIBLE),
    "only_invisible": lambda chance: _some(chance, _INVISIBLE + _DIRECTIONS + _CONTROLS),
    "combining": lambda chance: "e" + _some(chance, _COMBINING, 5_000),
    "joined": lambda chance: "\u200d".join(chance.choices("👩👨👧🧑🏽🚒❤️", k=chance.randint(2, 2_000))),
    "surrogates": _surrogates,
    "anything": _anything,
    "bomb": _bomb,
    "html": _html,
    "one_word": lambda chance: "x" * chance.choice((255, 256, 10_000, _LONG)),
    "formats": lambda chance: (
        chance.choice(("{0}{1!r:>9}", "%s%n%x", "${jndi:ldap://x}", "'; DROP TABLE decisions;--")) * 99
    ),
    "digits": lambda chance: _some(chance, "0123456789. -/+", 5_000),
}


def _body(text: str) -> tuple[bytes, str]:
    return text.encode("utf-8", "surrogatepass"), _JSON


def _deep(chance: random.Random) -> tuple[bytes, str]:
    n = chance.choice((50, 500, 5_000, 100_000))
    opened, closed = chance.choice((("[", "]"), ('{"body":', "}")))
    inner = opened * n + "1" + closed * chance.choice((n, n, 0))
    return _body(chance.choice(('{"body": ' + inner + "}", inner)))


def _number(chance: random.Random) -> tuple[bytes, str]:
    value = chance.choice(("1e999", "-1e999", "9" * 5_000, "0." + "1" * 5_000, "NaN", "-Infinity", "1E-99999", "00"))
    return _body(f'{{"{chance.choice(("id", "subject", "limit", "body"))}": {value}}}')


def _twice(chance: random.Random) -> tuple[bytes, str]:
    n = chance.choice((2, 100, 10_000))
    return _body("{" + ", ".join(f'"body": "{chance.choice(_WORDS)}"' for _ in range(n)) + "}")


def _encoded(chance: random.Random) -> tuple[bytes, str]:
    encoding = chance.choice(("latin-1", "cp1252", "utf-16", "utf-16-le", "utf-32", "utf-8-sig"))
    charset = chance.choice(("", f"; charset={encoding}", "; charset=nonsense"))
    return '{"body": "Drucker für Müller lässt sich nicht öffnen"}'.encode(encoding), _JSON + charset


def _cut(chance: random.Random) -> tuple[bytes, str]:
    whole = json.dumps({"subject": "Drucker 🙂", "body": "ä" * 50}, ensure_ascii=False).encode()
    return whole[: chance.randrange(len(whole))], _JSON


def _wrong(chance: random.Random) -> tuple[bytes, str]:
    value = chance.choice(("null", "true", "[]", "{}", '["x"]', '{"x": 1}', "7", '""', "[[1]]"))
    field = chance.choice(
        ("id", "subject", "body", "language", "query", "limit", "kinds", "filters", "extra", "__class__")
    )
    return _body(chance.choice((value, f'{{"{field}": {value}}}', f'{{"body": "x", "{field}": {value}}}')))


def _noise(chance: random.Random) -> tuple[bytes, str]:
    kinds = (_JSON, "text/plain", "application/xml", "multipart/form-data", "", "application/json; x", "*/*", "\u00e4")
    return chance.randbytes(chance.randint(0, 2_000)), chance.choice(kinds)


def _many(chance: random.Random) -> tuple[bytes, str]:
    fields = {_some(chance, "abcäöü\u202e\0", 20) + str(i): i for i in range(chance.choice((10, 5_000)))}
    return _body(json.dumps(fields))


_BODIES: Final[dict[str, Callable[[random.Random], tuple[bytes, str]]]] = {
    "deep": _deep,
    "number": _number,
    "twice": _twice,
    "encoded": _encoded,
    "cut": _cut,
    "wrong": _wrong,
    "noise": _noise,
    "many": _many,
}
