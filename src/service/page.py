"""The web page: one template, its words in two languages, and the files it links."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from typing import Annotated, Literal, Self, TypeAlias

from fastapi import APIRouter, Header, HTTPException, Request, Response
from jinja2 import Environment, StrictUndefined, Template

from desk import TRIAL, Desk, Identity
from service.opening import OpenedDesk
from service.problems import answers
from tickets import Taxonomy

router = APIRouter(include_in_schema=False)
Language: TypeAlias = Literal["de", "en"]
_LANGUAGES: tuple[Language, ...] = ("de", "en")
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

    template: Template
    sign_in: Template
    words: Mapping[Language, Mapping[str, str]]
    files: Mapping[str, PageFile]

    @classmethod
    def read(cls) -> Self:
        """The page as it lies beside this module."""
        folder = resources.files("service").joinpath("page")
        environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        files = {}
        for file in folder.iterdir():
            if media_type := _MEDIA_TYPES.get(file.name.rpartition(".")[2]):
                content = file.read_bytes()
                files[file.name] = PageFile(content, media_type, f'"{sha256(content).hexdigest()[:20]}"')
        return cls(
            template=environment.from_string(folder.joinpath("index.html").read_text("utf-8")),
            sign_in=environment.from_string(folder.joinpath("sign-in.html").read_text("utf-8")),
            words={
                language: tomllib.loads(folder.joinpath(f"{language}.toml").read_text("utf-8"))
                for language in _LANGUAGES
            },
            files=files,
        )

    def shown(self, desk: Desk, language: Language, identity: Identity | None) -> str:
        """The page in ``language``, with what the desk has to work with; without anybody, where to sign in.

        Whoever is bound to customers is not told how much there is of all of them.
        """
        if identity is None:
            return self.sign_in.render(language=language, text=self.words[language])
        return self.template.render(
            model=desk.model_version,
            counts=desk.documents.count() if identity.customers is None else None,
            trial=identity is TRIAL,
            language=language,
            text=self.words[language],
            taxonomy=_shown(desk.taxonomy, language),
        )


@router.get("/")
def page(
    request: Request,
    desk: OpenedDesk,
    lang: str | None = None,
    accept_language: Annotated[str, Header()] = "",
) -> Response:
    """The page in the language asked for."""
    language = preferred(lang, accept_language)
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    shown: Page = request.state.page
    content = shown.shown(desk, language, request.state.identity)
    return Response(content, media_type="text/html", headers=headers)


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
