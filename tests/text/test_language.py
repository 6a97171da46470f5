"""What detect_language promises."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from text.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Drucker im Erdgeschoss druckt seit heute Morgen nicht mehr.", "de"),
        ("The printer on the ground floor has stopped working since this morning.", "en"),
        ("L'imprimante du rez-de-chaussée ne fonctionne plus depuis ce matin.", "fr"),
        ("La impresora de la planta baja no funciona desde esta mañana.", "es"),
        ("Drukarka na parterze nie działa od dzisiejszego rana.", "pl"),
        ("Принтер на первом этаже не работает с утра.", "ru"),
        ("打印机从今天早上开始坏了", "zh"),
    ],
)
def test_tells_the_language_of_a_sentence(text, language):
    """A whole sentence is enough to tell its language."""
    assert detect_language(text) == language


@pytest.mark.parametrize("text", ["", "ok", "VPN", "P41K902217 ORA-12514 0x80070005", "password reset", "404 \ud800"])
def test_says_none_where_it_cannot_tell(text):
    """Codes and product names have no language."""
    assert detect_language(text) is None


def test_threads_share_one_detector():
    """Calls from several threads give what one thread gives."""
    texts = ["Bitte schalten Sie das Konto wieder frei.", "Please unlock the account again today."] * 20
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(detect_language, texts)) == ["de", "en"] * 20
