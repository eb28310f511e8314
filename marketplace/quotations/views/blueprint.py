"""The blueprint of quotation rounds and the words its templates use."""

from datetime import date

from flask import Blueprint

from marketplace.catalogue.wording import limit_text
from marketplace.kernel.times import local_date
from marketplace.quotations.wording import request_tone, round_tone
from marketplace.web.context import request_time

bp = Blueprint("quotations", __name__)
bp.add_app_template_filter(round_tone)
bp.add_app_template_filter(request_tone)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"limit_text": limit_text}


def today() -> date:
    """The Shanghai day of the request."""
    return local_date(request_time())
