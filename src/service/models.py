"""The models there are, and which of them serves."""

from typing import Annotated

from fastapi import APIRouter, Path

from classifier import DamagedModelError, EncoderMismatchError, ForeignModelError
from desk import ModelsAnswer, Scope
from service.access import needs
from service.acting import Actor
from service.opening import OpenedDesk
from service.problems import ProblemError, answers

router = APIRouter(tags=["models"], dependencies=[needs(Scope.MODELS)])


@router.get("/v1/models", summary="List the models", responses=answers(401, 403, 429, 503))
def models(desk: OpenedDesk) -> ModelsAnswer:
    """All models on the shelf, newest first, and the champion that serves."""
    return desk.models()


@router.post(
    "/v1/models/{version}/promote", summary="Let a model serve", responses=answers(401, 403, 404, 409, 422, 429, 503)
)
def promote(version: Annotated[str, Path(max_length=255)], desk: OpenedDesk, actor: Actor) -> ModelsAnswer:
    """Make this version the champion; the next ticket is classified by it."""
    try:
        return desk.promote(version, actor=actor)
    except (DamagedModelError, EncoderMismatchError, ForeignModelError) as error:
        raise ProblemError(409, "model-cannot-serve", str(error)) from error


@router.post(
    "/v1/models/rollback", summary="Let the model before serve again", responses=answers(401, 403, 409, 429, 503)
)
def rollback(desk: OpenedDesk, actor: Actor) -> ModelsAnswer:
    """Make the champion before this one the champion again."""
    return desk.rollback(actor=actor)
