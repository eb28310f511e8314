"""How the events of the platform itself are told: files, deliveries, keys."""

from flask_babel import lazy_gettext as _

from marketplace.infra.events import (
    DeliveryReplayed,
    DeliverySkipped,
    FileBound,
    FileDiscarded,
    FileStored,
    KeysRotated,
)
from marketplace.infra.outbox.news import Silent, kept, news

NEWS = news(
    kept(FileStored, history=_("File uploaded")),
    kept(FileBound, history=_("File attached to its record")),
    kept(FileDiscarded, history=_("File discarded")),
    kept(DeliveryReplayed, history=_("Delivery started again")),
    kept(DeliverySkipped, history=_("Delivery given up")),
    kept(KeysRotated, history=_("Stored values encrypted under a new key")),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="the operator sees it in the back office",
)
