"""Personal names where people write them in a fixed place: greetings, closings, and behind Herr, Frau, Mr or Ms."""

import re
from collections.abc import Iterator
from typing import Final

from masking.span import Kind, Span

_WORD: Final = r"(?:[OD]['’])?[A-ZÄÖÜÀ-Þ][a-zäöüßà-ÿ]{1,24}(?:['’-]?[A-ZÄÖÜÀ-Þ][a-zäöüßà-ÿ]{1,24}){0,2}"
_PARTICLE: Final = r"(?:(?:von|van|de|der|den|zu|zur|vom|di|da|el|al)[ ]){0,2}"
_INITIAL: Final = r"(?:[A-ZÄÖÜ]\.[ ]?){0,2}"
_NAME: Final = rf"{_INITIAL}{_PARTICLE}{_WORD}(?:[ ]{_INITIAL}{_PARTICLE}{_WORD}){{0,2}}"
_TITLE: Final = r"(?:(?:Herrn?|Frau|Hr\.|Fr\.|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\.|Prof\.)[ ]){1,3}"
_TITLED: Final = re.compile(
    rf"\b{_TITLE}(?P<it>{_INITIAL}{_PARTICLE}{_WORD}(?:-{_WORD})?)"
    rf"|\b(?:Dr\.|Prof\.)[ ](?P<whole>{_WORD}[ ]{_WORD})(?=[ ]?[\n,.;)]|$)"
)
_GREETING: Final = re.compile(
    r"(?:^|(?<=[\n.!?]))[ \t>]{0,8}(?:Hallo|Guten[ ](?:Tag|Morgen|Abend)|Moin|Servus|Gr[üu][ßs]+[ ]Gott|Hi|Hey|Hello|"
    r"Dear|Liebe[r]?|Sehr[ ]geehrte[r]?|Good[ ](?:morning|afternoon|evening))"
    rf"(?:[ ](?:Herrn?|Frau|Mr\.?|Mrs\.?|Ms\.?|Dr\.)){{0,2}}[ ](?P<it>{_NAME})"
    rf"(?:[ ](?:und|and|&)[ ](?P<second>{_NAME}))?(?=[ ]?(?:[,!.:;–\n-]|$))",
)
_CLOSING: Final = re.compile(
    r"(?:^|(?<=[\n.!?, ]))(?:(?i:Mit[ ](?:freundlichen|besten|lieben|herzlichen)[ ]Gr(?:[üu]|ue)(?:[ßs]|ss)en|"
    r"(?:Viele|Beste|Liebe|Sch[öo]ne|Freundliche|Herzliche)[ ]Gr(?:[üu]|ue)(?:[ßs]|ss)e|Gr(?:[üu]|ue)(?:[ßs]|ss)e?|"
    r"MfG|LG|VG|BG|(?:Best|Kind|Warm|Many)?[ ]?regards|Best[ ]wishes|Yours[ ](?:sincerely|faithfully)|Sincerely|Cheers|"
    r"(?:Many[ ])?Thanks|Thank[ ]you|(?:Vielen[ ])?Dank(?:e)?(?:[ ]im[ ]Voraus)?|Best|Regards))"
    rf"[ ]?[,.!]?(?:[ ]{{0,2}}\r?\n[ \t>]{{0,8}}(?:\r?\n[ \t>]{{0,8}})?|[ ](?:aus[ ]\w{{2,20}}[, ]{{1,2}})?(?:von[ ])?)"
    rf"(?:i\.[ ]?[AV]\.[ ])?(?:(?:Herr|Frau|Hr\.|Fr\.|Mr\.?|Mrs\.?|Ms\.?|Dr\.|Prof\.|RA|Dipl\.-\w{{2,8}}\.?)[ ]){{0,3}}"
    rf"(?P<it>{_NAME})(?=[ ]?(?:[,|(/\n\r.–-]|$))"
)
_NOBODY: Final = re.compile(
    r"(?:Herr$|Frau$|Hr$|Fr$|Dipl|Team|Support|Kolleg|Damen|Herren|Zusammen|Service|Desk|Admin|Hotline|Abteilung|Everyone|Everybody|There|"
    r"Leute|Alle|All|Helpdesk|Dienst|Stelle|Zentrale|Kundendienst|Customer|Colleague|Sir|Madam|Folks|Guys|Experten|"
    r"Buchhaltung|Personal|Einkauf|Vertrieb|Versand|Lager|Logistik|Office|Department|Help|Ihr|Ihre|Your|The|"
    r"Werk|Welt|World|Nutzer|User|Kunde|Ticket|Stellwerk|Drucker|Server|Gesendet|Sent|Leitstelle|Empfang|Again|Advance|"
    r"Betreff|Bitte|Please|Danke|Thanks|Von|Vom|Mitarbeiter|System|Technik|Entwick|Finance|Accounting|Group|Gruppe|"
    r"Regards|Grüße|Freundlich|Fehler|Error|Das|Die|Der|Es|Ich|Wir|Wenn|Hilfe|Für|Und)",
)


def names(text: str) -> Iterator[Span]:
    """The names in greetings, closings and behind a title; words that address a team are none."""
    for pattern in (_TITLED, _GREETING, _CLOSING):
        for found in pattern.finditer(text):
            for group in pattern.groupindex:
                if found[group] and not any(_names_nobody(word) for word in re.split(r"[ -]", found[group])):
                    yield Span(*found.span(group), Kind.NAME)


def _names_nobody(word: str) -> bool:
    return (
        _NOBODY.match(word) is not None
        or re.search(r"(?:team|service|support|desk|dienst|abteilung)$", word) is not None
    )
