"""What a file of documentation is reduced to."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class FormatError(ValueError):
    """A file is not what its name says."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(f"{reason}; {cure}")
        self.reason, self.cure = reason, cure


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A file's content as Markdown, its title where the format has one, its front matter, as it stands too."""

    markdown: str
    title: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, object] = field(default_factory=dict)
