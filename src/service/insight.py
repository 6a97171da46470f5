"""How the models and the knowledge do: figures over time, and plots of them."""

from enum import StrEnum
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from desk import DeskView, KnowledgeInsightAnswer, ModelInsightAnswer, Scope
from service import plots
from service.access import needs, sees
from service.opening import OpenedDesk
from service.problems import answers

router = APIRouter(tags=["insight"])
_Version = Annotated[str, Path(max_length=255)]
_MODELS = needs(Scope.MODELS)


class Plot(StrEnum):
    """What can be drawn of a model."""

    RELIABILITY = "reliability"
    CONFUSION = "confusion"
    PROMISE = "promise"
    ACTIONS = "actions"
    DRIFT = "drift"
    GROWTH = "growth"


_OF_TARGET = {Plot.RELIABILITY: plots.reliability, Plot.CONFUSION: plots.confusion}
_OVER_TIME = {Plot.PROMISE: plots.promise, Plot.ACTIONS: plots.actions, Plot.DRIFT: plots.drift}


@router.get(
    "/v1/models/{version}/insight",
    summary="How a model does",
    response_description="What it was measured to be, and week by week what it did since",
    responses=answers(401, 403, 404, 422, 429, 503),
    dependencies=[_MODELS],
)
def model(version: _Version, desk: OpenedDesk) -> ModelInsightAnswer:
    """Tell a model's report, and its last 26 weeks: actions, the audit, and how far the labels drifted."""
    return desk.insight.model(version)


@router.get(
    "/v1/models/{version}/plots/{plot}.svg",
    summary="Draw how a model does",
    response_class=Response,
    responses={**answers(401, 403, 404, 422, 429, 503), 200: {"content": {"image/svg+xml": {}}}},
    dependencies=[_MODELS],
)
def drawn(
    version: _Version,
    plot: Plot,
    request: Request,
    desk: OpenedDesk,
    target: Annotated[str, Query(max_length=255)] = "",
    lang: Literal["de", "en"] = "en",
    dark: Annotated[bool, Query(description="for a dark page")] = False,  # noqa: FBT002 - a query's word
) -> Response:
    """Draw one plot as SVG; those of one target need its name in `target`."""
    insight = desk.insight.model(version)
    canvas = plots.Canvas(text=request.state.page.words[lang], taxonomy=desk.taxonomy, language=lang, dark=dark)
    if plot in _OVER_TIME:
        return _svg(_OVER_TIME[plot](canvas, insight))
    if target not in insight.report.targets:
        raise HTTPException(404, f"name a target of this model: {', '.join(insight.report.targets)}")
    if plot is Plot.GROWTH:
        return _svg(plots.growth(canvas, desk.models().models, target))
    return _svg(_OF_TARGET[plot](canvas, insight.report.targets[target], target))


@router.get(
    "/v1/insight/knowledge",
    summary="How the knowledge does",
    response_description="What is indexed, what was rejected, and what people found of no use",
    responses=answers(401, 403, 429, 503),
)
def knowledge(desk: Annotated[DeskView, sees(Scope.KNOWLEDGE)]) -> KnowledgeInsightAnswer:
    """Tell what there is by source, what indexing rejected and why, and what never helped anybody."""
    return desk.insight()


def _svg(drawing: bytes) -> Response:
    return Response(drawing, media_type="image/svg+xml")
