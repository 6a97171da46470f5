"""Tickets with logs made up by seed: applications, exceptions and call paths, each told with other ids and times."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


_THINGS: Final = _words(
    "Order Cart Invoice Stock Label Tour Shipment Patient Claim Policy Meter Badge Shift Payroll Asset Ticket "
    "Mailbox Archive Scanner Tariff Batch Quote Deposit Voucher Roster Sample Route Vessel Dock Tenant Lease "
    "Permit Audit Token"
)
_ROLES: Final = _words(
    "Service Store Client Gateway Mapper Loader Reader Writer Queue Cache Planner Checker Bridge Job"
)
_ACTS: Final = _words(
    "confirm load store send fetch merge apply resolve parse render publish lock release assign split verify "
    "convert import export refresh close open register cancel compute append flush sync"
)
_VENDORS: Final = _words("acme nordlicht kranich lotwerk orvia staplerleit feldmann baltic quarz helios")
_MESSAGES: Final = {
    "NullPointerException": 'Cannot invoke "{thing}.getId()" because "{word}" is null',
    "IllegalStateException": "{thing} {id} is in state {n}",
    "TimeoutException": "no answer from {host} after {n} ms",
    "IOException": "cannot write {path}: No space left on device",
    "SQLTransientException": "connection {id} to {host}:{n} was closed",
    "ConcurrentModificationException": "",
    "IllegalArgumentException": "value {n} for field {word} of {id} is out of range",
    "KeyError": "'{id}'",
    "ValueError": "invalid literal for int() with base 10: '{id}'",
    "AttributeError": "'NoneType' object has no attribute '{word}'",
    "ConnectionResetError": "[Errno 104] Connection reset by peer",
    "PermissionError": "[Errno 13] Permission denied: '{path}'",
    "RuntimeError": "worker {n} died while handling {id}",
    "NullReferenceException": "Object reference not set to an instance of an object.",
    "InvalidOperationException": "Sequence contains no matching element",
    "FormatException": "Input string '{id}' was not in a correct format.",
    "ObjectDisposedException": "Cannot access a disposed object. Object name: '{thing}{n}'.",
    "UnauthorizedAccessException": "Access to the path '{path}' is denied.",
    "TypeError": "Cannot read properties of undefined (reading '{word}')",
    "RangeError": "Maximum call stack size exceeded",
    "ReferenceError": "{word} is not defined",
    "SyntaxError": "Unexpected token < in JSON at position {n}",
}
_EXCEPTIONS: Final = {
    "java": tuple(_MESSAGES)[:7],
    "python": tuple(_MESSAGES)[7:13],
    "dotnet": tuple(_MESSAGES)[13:18],
    "javascript": tuple(_MESSAGES)[18:22],
}
_CODES: Final = (
    "ORA-00060: deadlock detected while waiting for resource",
    "ORA-01653: unable to extend table {word} by {n} in tablespace USERS",
    "HTTP 503 from https://{host}/api/{id}",
    "SQLSTATE 40001: could not serialize access, process {n}",
    "HRESULT 0x80070005: access is denied for {path}",
    "SQLCODE=-911, SQLERRMC={n}",
    "connect ECONNREFUSED {host}:{n}",
)
_PROSE: Final = {
    "de": (
        (
            "Fehler in {thing}",
            "Hallo,\n\nseit heute früh bricht {product} bei uns ab. Im Log steht:\n\n{log}\n\nViele Grüße\n{name}",
        ),
        (
            "{product} stürzt ab",
            "Guten Tag,\n\nbeim Arbeiten mit {thing} kommt das hier, dann ist Schluss.\n\n{log}\n\n{name}, {city}",
        ),
        (
            "Meldung beim Speichern",
            "{log}\n\nDas kommt bei Kollegen in {city} auch, sonst bei niemandem. Bitte dringend. {name}",
        ),
        (
            "Nachtlauf abgebrochen",
            "Der Lauf von heute Nacht ist nicht fertig geworden. Auszug:\n{log}\nWas sollen wir tun? {name}",
        ),
    ),
    "en": (
        (
            "{product} fails",
            "Hello,\n\nsince this morning {product} stops for us. The log says:\n\n{log}\n\nKind regards\n{name}",
        ),
        ("Error in {thing}", "Hi team,\n\nworking with {thing} ends like this:\n\n{log}\n\n{name}, {city} office"),
        ("Crash while saving", "{log}\n\nColleagues in {city} see it too. Please hurry, we cannot work. {name}"),
        ("Job did not finish", "Last night's job broke off. This is what I found:\n{log}\nCan you help? {name}"),
    ),
}
_RESOLUTIONS: Final = (
    "Hotfix eingespielt, Dienst neu gestartet.",
    "Konfiguration der Anbindung berichtigt.",
    "Defekten Datensatz bereinigt und den Lauf wiederholt.",
    "Rolled back to the release before and opened a bug with the vendor.",
    "Raised the limit and restarted the workers.",
    "Granted the missing right to the service account.",
    "Update auf die nächste Version, dort behoben.",
    "Permissions on the share repaired.",
)
_NAMES: Final = _words("Yusuf Marta Jannis Mihály Leander Ruth Eike Ioana Tibor Marguerite Thandi Birgit Aoife Radu")
_CITIES: Final = _words("Kassel Leipzig Graz Utrecht Porto Gdańsk Lyon Bern Malmö Cork")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong in one place of one application: equal faults leave logs with equal signatures."""

    platform: str
    vendor: str
    exception: str
    path: tuple[tuple[str, str, str], ...]
    """Package, class and function of each frame, innermost first; for codes the product's own one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedTicket:
    """A ticket, and the fault its log tells of."""

    fault: Fault
    subject: str
    body: str
    language: str
    product: str
    resolution: str


def made_faults(n_faults: int, chance: random.Random) -> list[Fault]:
    """Distinct faults in families: two thirds share the exception and some of the frames with the one before."""
    applications = [_application(chance) for _ in range(40)]
    faults: dict[Fault, None] = {}
    last: Fault | None = None
    while len(faults) < n_faults:
        last = _sibling(last, applications, chance) if last and chance.random() < 2 / 3 else _new(applications, chance)
        faults[last] = None
    return list(faults)


def told(fault: Fault, chance: random.Random) -> LoggedTicket:
    """A ticket about ``fault``: who writes, the ids, paths, times and line numbers are drawn anew each time."""
    language = chance.choice(("de", "en"))
    subject, body = chance.choice(_PROSE[language])
    product = f"{fault.vendor.capitalize()} {fault.path[0][0].capitalize()}"
    log = _LOGS[fault.platform](fault, chance)
    if chance.random() < 0.2:
        log = "\n".join(f"> {line}" for line in log.splitlines())
    words = {
        "product": product,
        "thing": chance.choice(_THINGS),
        "name": chance.choice(_NAMES),
        "city": chance.choice(_CITIES),
    }
    return LoggedTicket(
        fault=fault,
        subject=subject.format(**words),
        body=body.format(log=log, **words),
        language=language,
        product=product,
        resolution=chance.choice(_RESOLUTIONS),
    )


_Application = tuple[str, list[tuple[str, str]]]


def _application(chance: random.Random) -> _Application:
    """A vendor and the classes of its product, by package."""
    packages = [thing.lower() for thing in chance.sample(_THINGS, 5)]
    classes = {(chance.choice(packages), chance.choice(_THINGS) + chance.choice(_ROLES)) for _ in range(30)}
    return chance.choice(_VENDORS), sorted(classes)


def _frame(application: _Application, chance: random.Random) -> tuple[str, str, str]:
    return (*chance.choice(application[1]), chance.choice(_ACTS) + chance.choice(("", "All", "One", *_THINGS[:9])))


def _new(applications: Sequence[_Application], chance: random.Random) -> Fault:
    application = chance.choice(applications)
    platform = chance.choice(("java", "java", "python", "dotnet", "javascript", "codes"))
    if platform == "codes":
        place = (
            application[1][0][0],
            chance.choice(("TS", "LIC", "KAS", "VDX", "SSO")),
            str(chance.randint(1000, 9999)),
        )
        return Fault(platform=platform, vendor=application[0], exception=chance.choice(_CODES), path=(place,))
    own = chance.choice(_THINGS) + chance.choice(("Exception", "Error"))
    exception = chance.choice((*_EXCEPTIONS[platform], own))
    path = tuple(_frame(application, chance) for _ in range(chance.randint(2, 7)))
    return Fault(platform=platform, vendor=application[0], exception=exception, path=path)


def _sibling(fault: Fault, applications: Sequence[_Application], chance: random.Random) -> Fault:
    """The same exception by another path; every third time the same path with another exception."""
    if fault.platform == "codes":
        package, prefix, _ = fault.path[0]
        return replace(fault, path=((package, prefix, str(chance.randint(1000, 9999))),))
    if chance.random() < 1 / 3:
        return replace(fault, exception=chance.choice(_EXCEPTIONS[fault.platform]))
    application = chance.choice([one for one in applications if one[0] == fault.vendor])
    places = chance.sample(range(len(fault.path)), chance.randint(1, len(fault.path)))
    path = tuple(_frame(application, chance) if n in places else frame for n, frame in enumerate(fault.path))
    return replace(fault, path=path)


def _time(chance: random.Random) -> str:
    day = f"2026-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    minutes, seconds = chance.randint(0, 59), chance.randint(0, 59)
    return f"{day} {chance.randint(0, 23):02}:{minutes:02}:{seconds:02},{chance.randint(0, 999):03}"


def _message(form: str, chance: random.Random) -> str:
    root = chance.choice(("/srv/app", "/var/lib/data", r"C:\ProgramData", r"D:\exchange", "/home/svc"))
    return form.format(
        id=chance.choice((f"{chance.randint(10_000, 999_999)}", f"{chance.getrandbits(64):016x}")),
        n=chance.randint(10, 9_999),
        host=f"srv{chance.randint(1, 99):02}.intern.example",
        path=f"{root}/{chance.getrandbits(24):06x}/{chance.choice(_ACTS)}{chance.randint(1, 99)}.dat",
        word=chance.choice(_THINGS).lower(),
        thing=chance.choice(_THINGS),
    )


def _said(fault: Fault, chance: random.Random) -> str:
    return _message(_MESSAGES.get(fault.exception, "{thing} {id} was refused"), chance)


def _java(fault: Fault, chance: random.Random) -> str:
    package = f"com.{fault.vendor}"
    name = f"java.util.{fault.exception}" if fault.exception in _MESSAGES else f"{package}.{fault.exception}"
    said = _said(fault, chance)
    lines = [f"{_time(chance)} ERROR [exec-{chance.randint(1, 99)}] request {chance.getrandbits(48):012x} failed"]
    lines.append(f"{name}: {said}" if said else name)
    for place, (part, owner, function) in enumerate(fault.path):
        lines.append(f"\tat {package}.{part}.{owner}.{function}({owner}.java:{chance.randint(20, 900)})")
        if place == 0 and chance.random() < 0.5:
            lines.append(f"\tat java.base/java.util.ArrayList.forEach(ArrayList.java:{chance.randint(1400, 1600)})")
    return "\n".join([*lines, f"\t... {chance.randint(5, 60)} more"])


def _python(fault: Fault, chance: random.Random) -> str:
    root = f"/opt/{fault.vendor}-{chance.randint(1, 9)}.{chance.randint(0, 20)}/lib"
    lines = [f"[{_time(chance)}: ERROR/Worker-{chance.randint(1, 32)}]", "Traceback (most recent call last):"]
    for part, owner, function in reversed(fault.path):
        lines.append(
            f'  File "{root}/{part}/{owner.lower()}.py", line {chance.randint(10, 800)}, in {function.lower()}'
        )
        lines.append(f"    return self.{function.lower()}(item, n={chance.randint(1, 99)})")
    return "\n".join([*lines, f"{fault.exception}: {_said(fault, chance)}"])


def _dotnet(fault: Fault, chance: random.Random) -> str:
    at, line = chance.choice((("at", "line"), ("bei", "Zeile")))
    vendor, build = fault.vendor.capitalize(), chance.randint(100, 999)
    lines = [f"Unhandled exception. System.{fault.exception}: {_said(fault, chance)}"]
    for part, owner, function in fault.path:
        place = rf"D:\a\{build}\s\{owner}.cs:{line} {chance.randint(10, 900)}"
        lines.append(f"   {at} {vendor}.{part.capitalize()}.{owner}.{function.capitalize()}(String id) in {place}")
    return "\n".join(lines)


def _javascript(fault: Fault, chance: random.Random) -> str:
    version = f"{chance.getrandbits(32):08x}"
    lines = [f"{_time(chance)} Uncaught {fault.exception}: {_said(fault, chance)}"]
    for part, owner, function in fault.path:
        where = f"https://{fault.vendor}.example/{part}.{version}.js:{chance.randint(1, 90)}:{chance.randint(1, 9_000)}"
        lines.append(f"    at {owner}.{function} ({where})")
    return "\n".join(lines)


def _coded(fault: Fault, chance: random.Random) -> str:
    _, prefix, number = fault.path[0]
    lines = [
        f"{_time(chance)} WARN  retry {chance.randint(1, 9)}",
        f"{_time(chance)} ERROR {_message(fault.exception, chance)}",
    ]
    return "\n".join([*lines, f"{_time(chance)} FATAL {prefix}-{number} job {chance.randint(1_000, 99_999)} stopped"])


_LOGS: Final[dict[str, Callable[[Fault, random.Random], str]]] = {
    "java": _java,
    "python": _python,
    "dotnet": _dotnet,
    "javascript": _javascript,
    "codes": _coded,
}
