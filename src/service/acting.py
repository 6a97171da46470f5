"""Who asks, as the audit trail names them."""

from typing import Annotated, TypeAlias

from fastapi import Depends, Request
from starlette.types import Scope

_NOBODY_KNOWN = "trial"


def actor_of(scope: Scope) -> str:
    """Whoever was let in, by the name their acts are kept under; ``trial`` where everybody is."""
    identity = scope.get("state", {}).get("identity")
    actor: str = identity.actor if identity is not None else _NOBODY_KNOWN
    return actor


async def _actor(request: Request) -> str:
    return actor_of(request.scope)


Actor: TypeAlias = Annotated[str, Depends(_actor)]
