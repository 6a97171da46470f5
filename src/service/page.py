"""The web page: its templates, its words in two languages, and the files it links."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from typing import Annotated, Final, Literal, Self, TypeAlias

from fastapi import APIRouter, Cookie, Header, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from jinja2 import DictLoader, Environment, StrictUndefined

from desk import TRIAL, Desk, Identity, Scope
from service.opening import OpenedDesk
from service.problems import answers
from tickets import Taxonomy

router = APIRouter(include_in_schema=False)
Language: TypeAlias = Literal["de", "en"]
_LANGUAGES: tuple[Language, ...] = ("de", "en")
_LANGUAGE_COOKIE: Final = "stellwerk-language"
_YEAR_SECONDS: Final = 31_536_000
_NEEDED: Final[Mapping[str, Scope]] = {
    "search": Scope.SEARCH,
    "ticket": Scope.CLASSIFY,
    "review": Scope.FEEDBACK,
    "models": Scope.MODELS,
    "knowledge": Scope.KNOWLEDGE,
}
"""Every page and the scope that it needs, in the order in which they are shown."""
_MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file that the page links, as it is sent."""

    content: bytes
    media_type: str
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything the page is made of, read once."""

    templates: Environment
    words: Mapping[Language, Mapping[str, str]]
    files: Mapping[str, PageFile]

    @classmethod
    def read(cls) -> Self:
        """The page as it lies beside this module."""
        folder = resources.files("service").joinpath("page")
        files, templates = {}, {}
        for file in folder.iterdir():
            ending = file.name.rpartition(".")[2]
            if media_type := _MEDIA_TYPES.get(ending):
                content = file.read_bytes()
                files[file.name] = PageFile(content, media_type, f'"{sha256(content).hexdigest()[:20]}"')
            elif ending == "html":
                templates[file.name] = file.read_text("utf-8")
        return cls(
            templates=Environment(
                loader=DictLoader(templates),
                autoescape=True,
                undefined=StrictUndefined,
                trim_blocks=True,
                lstrip_blocks=True,
            ),
            words={
                language: tomllib.loads(folder.joinpath(f"{language}.toml").read_text("utf-8"))
                for language in _LANGUAGES
            },
            files=files,
        )

    def shown(self, name: str, desk: Desk, language: Language, identity: Identity | None) -> str:
        """A page in ``language``, with what the desk has to work with; without anybody, where to sign in.

        Whoever is bound to customers is not told how much there is of all of them.
        """
        facts = {"language": language, "text": self.words[language], "page": name}
        if identity is None:
            return self.templates.get_template("sign-in.html").render(facts | {"pages": [], "trial": True})
        pages = [one for one, scope in _NEEDED.items() if identity.may(scope)]
        return self.templates.get_template(f"{name}.html" if name in pages else "closed.html").render(
            facts
            | {
                "pages": pages,
                "needed": _NEEDED[name].value,
                "feedback": identity.may(Scope.FEEDBACK),
                "model": desk.model_version,
                "counts": desk.documents.count() if identity.customers is None else None,
                "trial": identity is TRIAL,
                "taxonomy": _shown(desk.taxonomy, language),
            }
        )


@router.get("/")
@router.get("/ticket")
@router.get("/review")
@router.get("/models")
@router.get("/knowledge")
def page(
    request: Request,
    desk: OpenedDesk,
    lang: str | None = None,
    chosen: Annotated[str | None, Cookie(alias=_LANGUAGE_COOKIE)] = None,
    accept_language: Annotated[str, Header()] = "",
) -> Response:
    """A page in the language asked for, which is remembered; a helpdesk's link to a ticket leads to its page."""
    name = request.url.path.strip("/") or "search"
    if name == "search" and "ticket" in request.query_params:
        return RedirectResponse(f"ticket?{request.url.query}")
    language = preferred(lang or chosen, accept_language)
    headers = {"Content-Language": language, "Vary": "Accept-Language, Cookie"}
    shown: Page = request.state.page
    content = shown.shown(name, desk, language, request.state.identity)
    answer = Response(content, media_type="text/html", headers=headers)
    if lang == language:
        secure = request.scope["scheme"] == "https"
        answer.set_cookie(
            _LANGUAGE_COOKIE, language, max_age=_YEAR_SECONDS, httponly=True, samesite="strict", secure=secure
        )
    return answer


@router.get("/page/{name}", responses=answers(404))
async def page_file(request: Request, name: str, if_none_match: Annotated[str, Header()] = "") -> Response:
    """A file that the page links; unchanged files are not sent again."""
    files: Mapping[str, PageFile] = request.state.page.files
    if (file := files.get(name)) is None:
        raise HTTPException(404)
    headers = {"ETag": file.etag, "Cache-Control": "no-cache"}
    if file.etag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)


def preferred(lang: str | None, accept_language: str) -> Language:
    """The language the address asks for, else the one the browser likes best, else English."""
    for language in _LANGUAGES:
        if lang == language:
            return language
    liked: dict[Language, float] = {}
    for choice in accept_language.split(","):
        tag, _, quality = choice.partition(";")
        for language in _LANGUAGES:
            if tag.strip().lower().partition("-")[0] == language:
                liked[language] = max(liked.get(language, 0.0), _weight(quality))
    return max(liked, key=lambda language: liked[language]) if any(liked.values()) else "en"


def _weight(quality: str) -> float:
    try:
        return float(quality.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


def _shown(taxonomy: Taxonomy, language: str) -> list[dict[str, object]]:
    return [
        {
            "name": target.name,
            "display": target.shown_in(language),
            "labels": [{"name": label.name, "display": label.shown_in(language)} for label in target.labels],
        }
        for target in taxonomy
    ]
