"""Words of the public interface: what is wrong with a request."""

from flask_babel import lazy_gettext as _

REFUSALS = {
    "api.not_readable": _("The request cannot be read. Check how it is written."),
    "api.token_unknown": _("This token is unknown, revoked or expired. Make a new one."),
    "api.scope_missing": _("The token does not allow this: %(scope)s."),
    "api.not_found": _("There is nothing at this address that the token may see."),
    "api.page_unknown": _(
        "This cursor belongs to another question. Ask for the first page without a cursor."
    ),
    "api.method": _(
        "This address does not know the method; the header “Allow” names those it knows."
    ),
    "api.too_large": _("The request is too large."),
    "api.not_json": _("Send the body as JSON with the content type “application/json”."),
    "api.not_valid": _("Parameters or body do not keep to the description; “errors” names each."),
    "api.too_often": _("Too many requests in a minute. Wait as long as “Retry-After” says."),
    "api.broken": _("Something went wrong on our side. It has been recorded."),
}
