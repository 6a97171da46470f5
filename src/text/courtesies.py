"""Greetings, closings, signatures and disclaimers: polite or prescribed, and nothing of the matter."""

import re
from collections.abc import Sequence
from typing import Final

_ADDRESSEE: Final = r"[^,!.?:;\n\d]{0,60}"
_KNOWN_ADDRESSEE: Final = (
    r"(?:zusammen|team|it|support|all|alle|leute|liebe|kolleg(?:en|innen|innen und kollegen)|"
    r"ihr lieben|mitenand|"
    r"beinand|everyone|everybody|there|colleagues|folks|guys|moin|service ?desk|\w{0,20}-?team|"
    r"(?:herrn?|frau|mr\.?|ms\.?|mrs\.?) \w{1,40})"
)
_HELLO: Final = (
    r"(?:hallo|hallöchen|hi|hey|hello|huhu|moin|servus|tach|grüezi|gr(?:ü|ue)(?:ß|ss) (?:gott|euch|dich)|"
    r"gut(?:en|e) (?:tag|morgen|abend)|good (?:day|morning|afternoon|evening)|greetings)"
)
_FORMAL: Final = r"(?:(?:sehr )?(?:geehrte|verehrte|werte)[rsn]?|liebe[rs]?|dear|to whom it may concern)"
_GREETING: Final = re.compile(
    rf"[ ]?(?:(?:{_HELLO}(?=[ ,!.])|{_FORMAL}(?=[ ,!])){_ADDRESSEE}[,!]+(?!\w)[ ]?)+", re.IGNORECASE
)
_BARE_GREETING: Final = re.compile(
    rf"[ ]?(?:{_HELLO}(?: {_KNOWN_ADDRESSEE}){{0,2}}[.]?|all,|to whom it may concern:?)[ ]?", re.IGNORECASE
)

_NAMES: Final = r"(?:[,!.]?(?: (?:aus|von|und|from|i\. ?A\.|/))?[ ,/]{0,2}[A-ZÄÖÜ][\w.'’()-]{0,40}){0,6}[,!.]?[ ]?"
_WISHES: Final = (
    r"(?i:(?:(?:mit |viele[nr]? |beste[nr]? |danke (?:und|&|u\.) |(?:vielen |"
    r"besten )?dank (?:und|&) |es |dank |"
    r"freundliche[nmr]? |liebe[nr]? |herzliche[nmr]? |sch(?:ö|oe)ne[nr]? |sonnige[nr]? |kollegiale[nr]? |"
    r"lg |vg |besten |freundl\. ){0,5}gr(?:ü|u|ue)(?:ß|ss)(?:en|e|t)?\b|mfg\b|m\.f\.g\.|hochachtungsvoll|"
    r"(?:(?:with |kind(?:est)? |best |warm |many |thanks and |thanks & )*(?:regards|"
    r"wishes))\b|sincerely|cheers|"
    r"yours (?:faithfully|sincerely|truly)|all the best|im auftrag\b|pfiat eich|best,))"
)
_ABBREVIATED: Final = r"(?:VG|LG|BG|Vg|Lg|vg|lg|BR|KR)\b"
_THANKS: Final = (
    r"(?i:(?:(?:vielen |besten |herzlichen |mit |bestem |many )*(?:danke?|thanks|thank you|merci|thx)"
    r"(?: (?:im voraus|vorab|schon ?mal|euch|ihnen|dir|sehr|in advance|you|so much|a lot|"
    r"again|you very much)){0,3}))"
)
_CLOSING: Final = re.compile(rf"[ ]?(?:{_WISHES}|{_ABBREVIATED}|{_THANKS}){_NAMES}$")
_LAST_WORDS: Final = re.compile(rf"(?<=[.!?]) (?:{_WISHES}|{_ABBREVIATED}){_NAMES}$")
_DELIMITER: Final = re.compile(r"[ ]?--[ ]?$")
_POSTSCRIPT: Final = re.compile(
    r"[ ]?(?:p\.?s\.?\b|nachtrag|anlagen?:|>|-{2,}|LOGBLOCK|CODEBLOCK|```|[-*•] |\d+[.)] )", re.IGNORECASE
)
_HEADER: Final = re.compile(
    r"[ ]?(?:von|gesendet|an|betreff|datum|from|sent|to|subject|date|am \d.*schrieb.*|on .*wrote):",
    re.IGNORECASE,
)
_LONGEST_SIGNATURE: Final = 7
_LONGEST_LAST_LINE: Final = 2000
_READ: Final = 200

_DISCLAIMER: Final = re.compile(
    r"[ ]?(?:(?:this|the information (?:contained )?in this) (?:e-?mail|"
    r"message)\b.{0,80}\b(?:confidential|intended)"
    r"|(?:diese|die information\w* in dieser) (?:e-?mail|nachricht)\b.{0,80}\b(?:vertraulich|bestimmt)"
    r"|if you (?:are not the intended|have received this (?:e-?mail|message))"
    r"|wenn sie nicht der (?:richtige |beabsichtigte )?(?:adressat|empf(?:ä|ae)nger)"
    r"|(?:please )?consider the environment before|(?:bitte )?(?:denken|pr(?:ü|"
    r"ue)fen) sie .{0,60}\b(?:ausdruck|umwelt)"
    r"|der umwelt zuliebe|sent from my |get outlook for |von meinem .{0,40} gesendet|"
    r"gesendet von (?:meinem |outlook)"
    r"|sitz der gesellschaft|registergericht|amtsgericht \w{1,40},? hrb|gesch(?:ä|ae)ftsf(?:ü|"
    r"ue)hrer(?:in|ung)?: )",
    re.IGNORECASE,
)


def drop_greetings(text: str) -> str:
    """Drop the greeting at a line's start (``Hallo zusammen,``, ``Sehr geehrte ...,``, ``Hi team,``)."""
    lines: list[str] = []
    for line in text.split("\n"):
        if _BARE_GREETING.fullmatch(line[:_READ]) and len(line) < _READ:
            continue
        greeting = _GREETING.match(line)
        lines.append(line[greeting.end() :] if greeting else line)
    return "\n".join(lines)


def drop_signatures(text: str) -> str:
    """Drop a closing (``Mit freundlichen Grüßen``, ``Best regards``, ``-- ``) and the short lines after it.

    A signature ends where something is said again: at a sentence, a list, a postscript or a forwarded
    message.
    """
    lines: list[str] = []
    n_signed = -1  # lines dropped since the closing; -1 outside a signature
    for line in text.split("\n"):
        if lines and _closes(line):
            n_signed = 0
        elif n_signed >= 0 and line.strip():
            n_signed = n_signed + 1 if n_signed < _LONGEST_SIGNATURE and _signs(line) else -1
        if n_signed < 0 or not line.strip():
            lines.append(line)
    if lines and len(lines[-1]) <= _LONGEST_LAST_LINE:
        lines[-1] = _LAST_WORDS.sub("", lines[-1])
    return "\n".join(lines)


def drop_disclaimers(text: str) -> str:
    """Drop the paragraphs on confidentiality, paper and company register that mail servers add."""
    lines: list[str] = []
    dropping = False
    for line in text.split("\n"):
        dropping = bool(line.strip()) and (dropping or bool(_DISCLAIMER.match(line[:_READ])))
        if not dropping:
            lines.append(line)
    return "\n".join(lines)


def _closes(line: str) -> bool:
    return len(line) <= _READ and bool(_CLOSING.match(line) or _DELIMITER.match(line))


def _signs(line: str) -> bool:
    """Whether a line looks like a name, a position, an office, an address or a number."""
    if len(line) > 90 or _POSTSCRIPT.match(line) or _HEADER.match(line):
        return False
    words: Sequence[str] = line.split()
    return len(words) <= 9 and not line.rstrip().endswith(("?", ":", "!", ";")) and not _is_sentence(words)


def _is_sentence(words: Sequence[str]) -> bool:
    """Whether words end like a sentence and most of them are written small, which names are not."""
    n_small = sum(1 for word in words if word[0].islower())
    return n_small >= 3 and (n_small > len(words) / 2 or words[-1].endswith("."))
