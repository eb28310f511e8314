"""How the events of catalogue are told."""

from flask_babel import lazy_gettext as _

from marketplace.catalogue import events
from marketplace.infra.outbox.news import TOLD, Silent, kept, news
from marketplace.infra.security_log import Kind

NEWS = news(
    kept(events.CatalogueSeeded, history=_("The shipped catalogue was imported.")),
    kept(
        events.ItemVersionInForce,
        history=_("A new version of the item came into force."),
        directory=TOLD,
        notice="item_change",
    ),
    kept(
        events.ApprovalItemVersionSet,
        history=_("An approval item was added or changed."),
        security=Kind.OPERATION,
    ),
    kept(
        events.ApprovalItemEnded,
        history=_("An approval item was ended."),
        security=Kind.OPERATION,
    ),
    kept(
        events.KindVersionInForce,
        history=_("A kind of qualification was added or changed."),
        security=Kind.OPERATION,
    ),
    kept(
        events.KindEnded,
        history=_("A kind of qualification was ended."),
        security=Kind.OPERATION,
    ),
    kept(
        events.RulebookEntryAdded,
        history=_("A rule was given a new value."),
        notice="rule_change",
        security=Kind.OPERATION,
    ),
    kept(
        events.CalendarImported,
        history=_("The working days of a year were imported."),
        notice="calendar_change",
        security=Kind.OPERATION,
    ),
    kept(events.SynonymPut, history=_("A search synonym was added or changed.")),
    kept(events.SynonymRemoved, history=_("A search synonym was removed.")),
    platform=Silent("it follows engagements only"),
    directory=Silent("it shows institutions only"),
    notice=Silent("not a public act"),
    because="the operator sees it in the back office",
)
