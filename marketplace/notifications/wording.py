"""The words of what happens to the boxes themselves."""

from flask_babel import lazy_gettext as _

EVENTS = {"notification.made": _("Message put into the box")}
