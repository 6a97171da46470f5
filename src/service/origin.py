"""Where a request comes from: this machine, this service's own page, or elsewhere."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from desk import is_loopback


def is_local(asking: HTTPConnection) -> bool:
    """Whether it came in at an address of this machine alone, and was meant for it.

    The second keeps out a page of another site whose name was made to lead here.
    """
    server = asking.scope.get("server")
    meant = urlsplit(f"//{asking.headers.get('host', '')}").hostname or ""
    return server is not None and (server[1] is None or is_loopback(server[0])) and is_loopback(meant)


def is_same_origin(asking: HTTPConnection) -> bool:
    """Whether a browser says that a page of this very service asked.

    Old browsers, and those that came without TLS, say it by the origin alone; whoever says neither is none.
    """
    if (site := asking.headers.get("sec-fetch-site")) is not None:
        return site == "same-origin"
    origin = asking.headers.get("origin", "")
    return urlsplit(origin).netloc == asking.headers.get("host", "") != ""
