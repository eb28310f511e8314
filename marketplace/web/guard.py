"""Who may open a page at all; finer questions are the policies'."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from marketplace.kernel.actors import Role
from marketplace.kernel.errors import NotFound, Refused
from marketplace.web.context import current_actor

P = ParamSpec("P")
R = TypeVar("R")


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Only for people who are signed in; others go to the sign-in page and back."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_actor().signed_in:
            raise Refused("request.sign_in")
        return view(*args, **kwargs)

    return guarded


def for_roles(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Only for members with one of the roles; to other members the page does not exist."""

    def wrap(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            actor = current_actor()
            if not actor.signed_in:
                raise Refused("request.sign_in")
            if not actor.has(*roles):
                raise NotFound
            return view(*args, **kwargs)

        return guarded

    return wrap
