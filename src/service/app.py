"""The application as a function of its settings."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypedDict

from fastapi import FastAPI

from desk import OPEN_BANNER, Desk, Settings, check_access
from service import (
    audit_trail,
    classification,
    feedback,
    forgetting,
    health,
    insight,
    knowledge,
    labelling,
    models,
    page,
    reviewing,
    search,
    session,
)
from service.access import Access
from service.admission import Admission
from service.draining import Draining
from service.examples import ANSWERS
from service.following import watches
from service.gate import Gate
from service.idempotency import Idempotency, describe
from service.metrics import Metrics
from service.opening import OpenDesk, Warming
from service.page import Page
from service.problems import Problem, tell_problems
from service.tracing import Tracing
from service.upkeep import Upkeep
from service.watching import Watching
from steps import watched_by

_log = logging.getLogger(__name__)
_DESCRIPTION = (
    "Routes IT support tickets by what a desk has learned, and finds what solved them before. "
    "Whatever goes wrong is told as `application/problem+json` (RFC 9457); "
    "every answer carries an `X-Request-ID`."
)
_ROOMS = (
    classification, search, knowledge, feedback, labelling, reviewing, forgetting, models, insight, audit_trail, health,
    page, session,
)  # fmt: skip
_PATIENCE_SECONDS = 5.0
"""How long an application that ends waits for a loading that has not; the process may end over it."""


class State(TypedDict):
    """What a request finds while the service runs."""

    desk: Desk
    warming: Warming
    metrics: Metrics
    page: Page


def create_app(settings: Settings, open_desk: OpenDesk = Desk.open, *, tracing: Tracing | None = None) -> FastAPI:
    """Build the application; nothing is read from disk before its lifespan starts.

    Parameters
    ----------
    tracing : Tracing, optional
        Where traces go, instead of to what the settings name.

    Raises
    ------
    TracingError
        Traces are asked for and cannot be sent.
    ExposedServiceError, IssuerSettingsError
        It could not tell who asks (`check_access`).
    """
    check_access(settings)
    tracing = tracing or (Tracing.to(settings.otlp_endpoint) if settings.otlp_endpoint else None)
    watch = Watching(Metrics(), tracing)
    app = _Application(
        title="Stellwerk",
        summary="Tickets routed, solutions found again.",
        description=_DESCRIPTION,
        version="1",
        lifespan=lambda _: _running(settings, open_desk, watch),
        docs_url=None,  # both would load their scripts from another site
        redoc_url=None,
        redirect_slashes=False,
    )
    _guard(app, settings, watch)
    tell_problems(app)
    for room in _ROOMS:
        app.include_router(room.router)
    return app


@asynccontextmanager
async def _running(settings: Settings, open_desk: OpenDesk, watch: Watching) -> AsyncIterator[State]:
    """The desk and what looks after it, from the start of the application to its end."""
    if settings.authentication == "off":
        _log.warning(OPEN_BANNER)
    desk = open_desk(settings)
    draining = Draining(seconds=settings.drain_seconds)
    draining.listen()
    warming = Warming(desk, ends=lambda: draining.begun)
    with watched_by(watch):
        loading = warming.start()
        following = watches(desk)
    upkeep = Upkeep(desk, seconds=settings.upkeep_seconds)
    upkeep.start()
    for followed in following:
        followed.start()
    try:
        yield State(desk=desk, warming=warming, metrics=watch.metrics, page=Page.read())
    finally:
        for followed in following:
            followed.stop(patience_seconds=_PATIENCE_SECONDS)
        upkeep.stop(patience_seconds=_PATIENCE_SECONDS)
        loading.join(_PATIENCE_SECONDS)
        desk.close()
        if watch.tracing is not None:
            watch.tracing.close()


def _guard(app: FastAPI, settings: Settings, watch: Watching) -> None:
    """Put before the application what every request passes; the last one named is the first one passed."""
    app.add_middleware(Idempotency, lasts=timedelta(hours=settings.idempotency_hours))
    app.add_middleware(Access, settings=settings)
    app.add_middleware(
        Admission,
        n_working=settings.max_working,
        n_waiting=settings.max_waiting,
        seconds=settings.request_seconds,
    )
    app.add_middleware(
        Gate, watch=watch, metrics=watch.metrics, tracing=watch.tracing, max_body_bytes=settings.max_body_bytes
    )


class _Application(FastAPI):
    """FastAPI, whose description of itself knows what a problem looks like."""

    def openapi(self) -> dict[str, Any]:
        """The description served as `/openapi.json`."""
        described = super().openapi()
        schemas = described["components"]["schemas"]
        if "Problem" not in schemas:
            problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= problem.pop("$defs") | {"Problem": problem}
            describe(described["paths"])
            for name, example in ANSWERS.items():
                schemas[name]["examples"] = [example]
        return described


def create_app_from_environment() -> FastAPI:
    """Build the application that the environment describes; what a server process is started with."""
    return create_app(Settings())
