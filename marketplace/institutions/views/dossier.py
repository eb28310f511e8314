"""The task list of the dossier, and everything that happened to it."""

from flask.typing import ResponseReturnValue

from marketplace.catalogue import queries as catalogue
from marketplace.institutions import queries
from marketplace.institutions.views.blueprint import agents, bp, mine, today
from marketplace.web.context import reading_session
from marketplace.web.submit import page

# The page of each task.
PAGES = {
    queries.TaskKind.BASIC: "institutions.profile",
    queries.TaskKind.CONTACT: "institutions.contact",
    queries.TaskKind.OWNERS: "institutions.owners",
    queries.TaskKind.TIES: "institutions.ties",
    queries.TaskKind.QUALIFICATIONS: "institutions.qualifications",
    queries.TaskKind.PRACTITIONERS: "institutions.practitioners",
    queries.TaskKind.UNDERTAKING: "institutions.undertaking",
    queries.TaskKind.AUTHORISATION: "institutions.authorisation",
}


@bp.get("/my/institution")
@agents
def dossier() -> ResponseReturnValue:
    row, session, day = mine(), reading_session(), today()
    return page(
        "institutions/dossier.html",
        institution=row,
        tasks=queries.task_list(session, row.id, day),
        pages=PAGES,
        offers=queries.listing_overview(session, row.id, day),
        pending=queries.pending_changes(session, row.id),
        open_kinds={one.kind for one in queries.open_submissions(session, row.id)},
        items={item.code: item for item in catalogue.items(session)},
    )


@bp.get("/my/institution/history")
@agents
def history() -> ResponseReturnValue:
    row, session = mine(), reading_session()
    return page(
        "institutions/history.html",
        institution=row,
        entries=queries.history(session, row.id),
        versions=queries.facts_versions(session, row.id),
        items={item.code: item for item in catalogue.items(session)},
    )
