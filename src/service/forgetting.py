"""Forget a ticket, a customer or a person, and tell what was forgotten."""

from typing import Annotated

from fastapi import APIRouter, Body, Path
from pydantic import BaseModel, ConfigDict, Field

from desk import ForgettingAnswer, ForgettingsAnswer, NoPersonError, Scope
from service.access import needs
from service.acting import Actor
from service.examples import both
from service.opening import OpenedDesk
from service.problems import ProblemError, answers

router = APIRouter(tags=["forgetting"], dependencies=[needs(Scope.ADMIN)])
_Name = Annotated[str, Path(min_length=1, max_length=255)]
_PEOPLE = both({"person": "s.kowalczyk@example.org"}, {"person": "j.doe@example.org"})


class PersonRequest(BaseModel):
    """A person, by the mail address; in the body, so that it stands in no log."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: Annotated[str, Field(min_length=3, max_length=320, description="one mail address")]


@router.delete("/v1/tickets/{ticket_id:path}", summary="Forget a ticket", responses=answers(401, 403, 422, 429, 503))
def forget_ticket(ticket_id: _Name, desk: OpenedDesk, actor: Actor) -> ForgettingAnswer:
    """Erase a ticket everywhere, and mark the models that learned from it; the answer is the proof."""
    return desk.forgettery.forget("ticket", ticket_id, actor=actor)


@router.delete("/v1/customers/{customer:path}", summary="Forget a customer", responses=answers(401, 403, 422, 429, 503))
def forget_customer(customer: _Name, desk: OpenedDesk, actor: Actor) -> ForgettingAnswer:
    """Erase all tickets of a customer everywhere, and mark the models that learned from them."""
    return desk.forgettery.forget("customer", customer, actor=actor)


@router.post("/v1/forgettings", summary="Forget a person", responses=answers(400, 401, 403, 413, 415, 422, 429, 503))
def forget_person(
    request: Annotated[PersonRequest, Body(openapi_examples=_PEOPLE)], desk: OpenedDesk, actor: Actor
) -> ForgettingAnswer:
    """Erase every ticket that holds a mail address, and mark the models that learned from them."""
    try:
        return desk.forgettery.forget("person", request.person, actor=actor)
    except NoPersonError as error:
        raise ProblemError(422, "no-person", str(error)) from error


@router.get("/v1/forgettings", summary="What was forgotten", responses=answers(401, 403, 429, 503))
def forgettings(desk: OpenedDesk) -> ForgettingsAnswer:
    """The proofs of all that was forgotten, oldest first; they name nobody."""
    return desk.forgettery.proofs()
