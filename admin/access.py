"""Who may open which part of the back office, and what its pages have in common."""

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn

from flask.typing import ResponseReturnValue
from flask_admin import BaseView
from flask_babel import LazyString

from marketplace.kernel.actors import Actor, Capacity, Role
from marketplace.kernel.errors import NotFound, Refused
from marketplace.web.context import current_actor
from marketplace.web.forms import Form
from marketplace.web.submit import page

# The operator's three administrators: each sees what belongs to the duty, and no more.
EVERY_DUTY = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def may_open(actor: Actor, roles: tuple[Role, ...]) -> bool:
    """Whether the actor is one of the operator's administrators of these roles."""
    return actor.is_a(Capacity.OPERATOR) and actor.has(*roles) and not actor.provisional


class Guarded:
    """What every part adds to a view of Flask-Admin: roles, a title, a purpose, an address.

    Visitors are sent to the sign-in page; to members of other roles the part does not exist.
    """

    roles: ClassVar[tuple[Role, ...]] = (Role.SYSTEM_ADMIN,)
    group: ClassVar[str] = ""
    address: ClassVar[str] = ""
    title: ClassVar[LazyString]
    purpose: ClassVar[LazyString]

    @classmethod
    def place(cls) -> dict[str, Any]:
        """Where Flask-Admin puts the part: menu, endpoint and address."""
        return {
            "name": cls.title,
            "category": cls.group,
            "endpoint": f"backoffice_{cls.address}",
            "url": cls.address.replace("_", "-"),
        }

    def is_accessible(self) -> bool:
        """Whether the present actor may open this part; the menu asks too."""
        return may_open(current_actor(), self.roles)

    def inaccessible_callback(self, _name: str, **_values: object) -> NoReturn:
        """Send visitors to sign in and back; tell nobody else that the page exists."""
        if not current_actor().signed_in:
            raise Refused("request.sign_in")
        raise NotFound

    def _run_view(self, view: Callable[..., Any], *_unused: object, **values: Any) -> Any:
        """Call the view once; Flask-Admin would call it again after any TypeError within it."""
        return view(self, **values)

    def page(
        self, template: str, *, form: Form | None = None, **context: Any
    ) -> ResponseReturnValue:
        """Render a page of this part with the status that its form asks for."""
        return page(template, form=form, admin_view=self, **context)


class Section(Guarded, BaseView):
    """A part of the back office with pages of its own."""

    def __init__(self) -> None:
        super().__init__(**self.place())
