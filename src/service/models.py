"""The models there are, and which of them serves."""

from typing import Annotated

from fastapi import APIRouter, Path

from classifier import DamagedModelError, EncoderMismatchError, ForeignModelError
from desk import ModelsAnswer, RehearsalError, Scope
from service.access import needs
from service.acting import Actor
from service.opening import OpenedDesk
from service.problems import ProblemError, answers

router = APIRouter(tags=["models"], dependencies=[needs(Scope.MODELS)])
_CANNOT_SERVE = (DamagedModelError, EncoderMismatchError, ForeignModelError, RehearsalError)
Version = Annotated[str, Path(max_length=255)]


@router.get("/v1/models", summary="List the models", responses=answers(401, 403, 429, 503))
def models(desk: OpenedDesk) -> ModelsAnswer:
    """All models on the shelf, newest first, and the champion that serves."""
    return desk.models()


@router.post(
    "/v1/models/{version}/promote", summary="Let a model serve", responses=answers(401, 403, 404, 409, 422, 429, 503)
)
def promote(version: Version, desk: OpenedDesk, actor: Actor) -> ModelsAnswer:
    """Make this version the champion; answers once it classifies here, and other workers follow within two seconds."""
    try:
        return desk.promote(version, actor=actor)
    except _CANNOT_SERVE as error:
        raise ProblemError(409, "model-cannot-serve", str(error)) from error


@router.post(
    "/v1/models/{version}/shadow", summary="Try a model beside", responses=answers(401, 403, 404, 409, 422, 429, 503)
)
def shadow(version: Version, desk: OpenedDesk, actor: Actor) -> ModelsAnswer:
    """Let this version score the same tickets from now on; it never answers, and `shadow` tells how it does."""
    try:
        return desk.shadow(version, actor=actor)
    except _CANNOT_SERVE as error:
        raise ProblemError(409, "model-cannot-serve", str(error)) from error


@router.delete("/v1/models/shadow", summary="Try no model any more", responses=answers(401, 403, 429, 503))
def end_shadow(desk: OpenedDesk, actor: Actor) -> ModelsAnswer:
    """Let no model score beside the champion; what was compared stays in the journal."""
    return desk.end_shadow(actor=actor)


@router.post(
    "/v1/models/rollback", summary="Let the model before serve again", responses=answers(401, 403, 409, 429, 503)
)
def rollback(desk: OpenedDesk, actor: Actor) -> ModelsAnswer:
    """Make the champion before this one the champion again."""
    try:
        return desk.rollback(actor=actor)
    except _CANNOT_SERVE as error:
        raise ProblemError(409, "model-cannot-serve", str(error)) from error
