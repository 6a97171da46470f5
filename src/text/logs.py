"""Log extracts, stack traces and code, reduced to the lines that say what went wrong."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

LOG: Final = "LOGBLOCK"
CODE: Final = "CODEBLOCK"
_MOST_LINES: Final = 8
_FEW_CODE_LINES: Final = 4
_READ: Final = 600

_FRAME: Final = re.compile(
    r"\s*(?:at\s+(?:async\s+)?[\w.$<>/\[\]` @:~-]{1,300}\(.{0,300}\)?\s*$|at\s+\S{1,300}:\d+(?::\d+)?\)?\s*$"
    r"|at\s+[\w$]+(?:[._][\w$<>]+){1,30}\s*$|File \"[^\"]{1,300}\", line \d+|\.\.\.\s+\d+\s+(?:more|common)"
    r"|#\d+\s+0x[0-9a-f]+|\[?0x[0-9a-f]{6,16}\]?\s+in\s)"
)
_TIME: Final = r"\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|\s?[+-]\d\d:?\d\d)?"
_DAY: Final = r"(?:\d{4}[-/.]\d\d[-/.]\d\d|\d\d[-/.]\d\d(?:[-/.]\d{2,4})?|[A-Z][a-z]{2}\s{1,2}\d{1,2})"
_STAMP: Final = re.compile(rf"\s*[\[(]?(?:{_DAY}[T ,_-]{{1,2}})?{_TIME}[\])]?[:,]?\s*")
_LEVEL: Final = re.compile(
    r"\s*\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|SEVERE|CRIT|CRITICAL)\]?(?=[\s:])[\s:]*\S"
)
_QUIET: Final = re.compile(r"\[?\b(?:TRACE|DEBUG|INFO|NOTICE)\b")
_EXCEPTION: Final = re.compile(
    r"\s*(?:Caused by:\s+|Exception in thread \"[^\"]{1,100}\"\s+|Unhandled \w+:\s+)?"
    r"(?:[A-Za-z_$][\w$]*\.)*[A-Z][\w$]*(?:Exception|Error|Failure|Fault)(?:\$\w+)?(?::.*|\s*$)"
)
_WRONG: Final = re.compile(
    r"\b(?:ERROR|FATAL|SEVERE|CRIT|CRITICAL|FAILED|[A-Z]\w*(?:Exception|Error|Failure))\b|"
    r"\bORA-\d|\b0x[0-9A-Fa-f]{8}\b"
    r"|\b(?:error|failed|failure|fehler|fehlgeschlagen|cannot|could not|denied|timeout|refused|exception)\b",
)
_TRACE_HEAD: Final = re.compile(r"\s*(?:Traceback \(most recent call last\)|Stack ?trace):?\s*$")
_PACKAGE: Final = re.compile(r"\b(?:[a-z_][a-z0-9_$]{0,40}\.){2,12}(?=[A-Z])")
_PLACE: Final = re.compile(r"\((?:\w{1,80}\.\w{1,8}):\d+\)|\bPID:? \d+|(?<=[a-z])\(\s*\d+\)|\bline \d+\b")
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")


def reduce_code(text: str) -> str:
    """Write CODEBLOCK for fenced code, with the lines that name an error, or else its first lines."""
    if "```" not in text and "~~~" not in text:
        return text
    lines: list[str] = []
    block: list[str] | None = None
    for line in text.split("\n"):
        if block is None and _FENCE.match(line):
            single = line.strip().strip("`~").strip()
            if line.strip().endswith(("```", "~~~")) and single:
                lines.append(single)
            else:
                block = []
        elif block is not None and _FENCE.match(line):
            lines.extend(_code(block))
            block = None
        elif block is not None:
            block.append(line)
        else:
            lines.append(line)
    return "\n".join([*lines, *_code(block or [])])


def reduce_logs(text: str) -> str:
    """Write LOGBLOCK for a log extract or stack trace, followed by the lines that say what went wrong.

    Stack frames go, and time stamps, packages and line numbers of the lines that stay. Lines of the
    levels INFO and below go when others remain. A block that was reduced before stays as it is.
    """
    lines: list[str] = []
    for is_log, run in groupby(_labelled(text.split("\n")), key=lambda labelled: labelled[0]):
        block = [line for _, line in run]
        lines.extend(_log(block) if is_log and _is_block(block) else block)
    return "\n".join(lines)


def _labelled(lines: Sequence[str]) -> Iterator[tuple[bool, str]]:
    """Give each line with whether it belongs to a log that has not been reduced yet."""
    reduced = False
    for line in lines:
        reduced = line.strip() in {LOG, CODE} or (reduced and bool(line.strip()))
        yield (not reduced and _is_log_line(line[:_READ])), line


def _is_log_line(line: str) -> bool:
    patterns = (_FRAME, _STAMP, _LEVEL, _EXCEPTION, _TRACE_HEAD)
    return any(pattern.match(line) for pattern in patterns)


def _is_block(lines: Sequence[str]) -> bool:
    """Whether lines are more than one sentence that happens to start like a log."""
    return len(lines) > 1 or bool(_FRAME.match(lines[0][:_READ]) or _EXCEPTION.match(lines[0][:_READ]))


def _log(lines: Sequence[str]) -> list[str]:
    said = [line for line in lines if not _FRAME.match(line[:_READ]) and not _TRACE_HEAD.match(line[:_READ])]
    loud = [line for line in said if not _QUIET.search(line[:_READ])]
    kept = _distinct(_bare(line) for line in loud or said)
    if len(kept) > _MOST_LINES:
        wrong = [line for line in kept if _WRONG.search(line[:_READ])]
        kept = (wrong or kept)[:_MOST_LINES]
    # A trace of frames alone is told apart by where it broke.
    return [LOG, *(kept or _distinct(_bare(line) for line in lines[:1])), ""]


def _code(lines: Sequence[str]) -> list[str]:
    written = [line for line in lines if line.strip()]
    if not written:
        return []
    if any(_is_log_line(line[:_READ]) for line in written):
        return _log([line.lstrip("> ") for line in written])
    wrong = [line for line in written if _WRONG.search(line[:_READ])]
    kept = (wrong or written)[:_FEW_CODE_LINES]
    return [CODE, *(line.strip().lstrip("> ") or "-" for line in kept), ""]


def _bare(line: str) -> str:
    """Give a log line without its time stamp, packages and places."""
    return " ".join(_PLACE.sub(" ", _PACKAGE.sub("", _STAMP.sub("", line, count=1))).split())


def _distinct(lines: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(line for line in lines if line))
