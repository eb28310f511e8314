"""The words of messages about institutions and their listings: a title and a sentence each."""

from flask_babel import lazy_gettext as _

MESSAGES = {
    "listing.suspended": (
        _("“%(item)s” is suspended"),
        _("It cannot be found or chosen until the ground is mended: %(ground)s."),
    ),
    "listing.reinstated": (
        _("“%(item)s” is admitted again"),
        _("The last ground of suspension is closed; clients find and choose it again."),
    ),
    "institution.qualification_expiring": (
        _("A certificate expires in %(days)s days"),
        _(
            "Please add the renewed certificate in time; otherwise the items that "
            "need it are suspended."
        ),
    ),
    "institution.qualification_expired": (
        _("A certificate has expired"),
        _("Items that need it are suspended until a renewed certificate has been vetted."),
    ),
}
