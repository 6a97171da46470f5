"""What can go wrong with a journal, each with its cure."""

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

_CURES = (
    (("locked", "busy"), "end the program that holds it, or try again in a moment"),
    (("readonly", "read-only", "permission"), "let this program write the file and its folder"),
    (("full",), "free some space, then try again"),
    (("not a database", "malformed"), "put back a backup, or name another journal"),
    (("unable to open", "no such file"), "put the file back, or restart to begin a new journal"),
    (("unique", "duplicate"), "give each decision its own id"),
    (("too long",), "keep ids within 255 characters"),
)


class JournalError(RuntimeError):
    """The journal cannot do what was asked; what was acknowledged before is still there."""

    def __init__(self, place: str, fault: str, cure: str) -> None:
        super().__init__(f"journal {place}: {fault}; {cure}")


class UnknownClassificationError(LookupError):
    """A correction names a classification that is not in the journal."""

    def __init__(self, classification_id: str) -> None:
        super().__init__(
            f"no classification {classification_id} in the journal (or its ticket was erased); "
            "correct with the id that POST /v1/classifications answered"
        )
        self.classification_id = classification_id


def explain(error: Exception, place: str) -> JournalError:
    """The journal's own error for one of the database's, with the cure that fits it.

    Only the driver's own words are repeated, never a statement's values, which hold ticket words.
    """
    if isinstance(error, ArgumentError | NoSuchModuleError | ImportError):
        return JournalError(place, f"cannot be opened ({error})", "check the URL and install its database driver")
    fault = str(error.orig if isinstance(error, DBAPIError) else error).strip().partition("\n")[0]
    for words, cure in _CURES:
        if any(word in fault.lower() for word in words):
            return JournalError(place, fault, cure)
    return JournalError(place, fault, "check that the database is running and can be reached")
