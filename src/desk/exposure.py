"""Whether a service may start as its settings say: nobody is let in unasked who comes from elsewhere."""

from ipaddress import ip_address

from desk.errors import DeskError
from desk.issuer import Issuer
from desk.settings import Settings

OPEN_BANNER = (
    "AUTHENTICATION IS OFF: every program and every person on this machine may read tickets, change the knowledge "
    "base and promote models. For anything but a trial unset STELLWERK_AUTHENTICATION and make a key with "
    "`stellwerk keys create`."
)


class ExposedServiceError(DeskError):
    """A service without authentication would be reached from elsewhere."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"without authentication the service listens on this machine alone, not on {host}: "
            "unset STELLWERK_AUTHENTICATION and make a key with `stellwerk keys create`, or use --host 127.0.0.1"
        )


def is_loopback(host: str) -> bool:
    """Whether an address or name can only be reached from this machine."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_access(settings: Settings) -> None:
    """Make sure that the service can tell who asks.

    Raises
    ------
    ExposedServiceError
        It asks nobody for a key, and listens where others reach it.
    IssuerSettingsError
        The issuer of tokens is not safe, or it is not said what they are for.
    """
    if settings.authentication == "off" and not is_loopback(settings.host):
        raise ExposedServiceError(settings.host)
    if settings.oidc_issuer:
        Issuer(settings)
