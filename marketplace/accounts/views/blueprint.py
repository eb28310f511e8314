"""The blueprint of accounts, and the page for a link that cannot be followed."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from marketplace.accounts.tokens import LinkRefused
from marketplace.web.frame import link

bp = Blueprint("accounts", __name__)


@bp.errorhandler(LinkRefused)
def refuse_link(refusal: LinkRefused) -> ResponseReturnValue:
    return render_template("accounts/bad_link.html", refusal=refusal), 410


def home() -> str:
    """Where somebody goes who came from nowhere in particular."""
    return link("desks.desk") or link("accounts.profile")
