"""Uses the client that was made from the description; run in the client's own environment.

Reads MARKET and TOKEN from the environment; prints how many things of each kind it has read.
"""

import json
import os
import sys
from uuid import uuid4

from made.api.engagements import list_engagements, read_engagement
from made.api.institutions import list_institutions, read_institution
from made.api.items import list_items, read_item
from made.api.projects import add_project, list_projects, read_project, read_wanted_project
from made.client import AuthenticatedClient
from made.models import ListInstitutionsSort, NewProject


def pages(operation, client):
    """Every row of a list, asked for one at a time, by the client's own defaults otherwise."""
    asked = {"limit": 1}
    while True:
        answer = operation.sync_detailed(client=client, **asked)
        assert answer.status_code == 200, answer.content
        yield from answer.parsed.data
        if not answer.parsed.next_:
            return
        asked["cursor"] = answer.parsed.next_


def whole(operation, client):
    """The rows of a list asked for with nothing said."""
    answer = operation.sync_detailed(client=client)
    assert answer.status_code == 200, answer.content
    return answer.parsed.data


def read(operation, client, key):
    """One record in full."""
    answer = operation.sync_detailed(key, client=client)
    assert answer.status_code == 200, answer.content
    return answer.parsed


def main():
    client = AuthenticatedClient(os.environ["MARKET"], os.environ["TOKEN"])
    found = {}
    kinds = {
        "items": (list_items, read_item, "code"),
        "institutions": (list_institutions, read_institution, "id"),
        "projects": (list_projects, read_project, "id"),
        "engagements": (list_engagements, read_engagement, "id"),
    }
    for kind, (lists, reads, key) in kinds.items():
        rows = list(pages(lists, client))
        assert [row.to_dict() for row in whole(lists, client)] == [r.to_dict() for r in rows][:20]
        for row in rows:
            one = read(reads, client, getattr(row, key))
            assert getattr(one, key) == getattr(row, key)
        found[kind] = len(rows)
    sorted_ = list_institutions.sync_detailed(client=client, sort=ListInstitutionsSort.DAYS)
    assert sorted_.status_code == 200, sorted_.content
    made = add_project.sync_detailed(
        client=client, body=NewProject(code=os.environ["CODE"]), idempotency_key=str(uuid4())
    )
    assert made.status_code == 202, made.content
    wanted = read(read_wanted_project, client, made.parsed.id)
    assert wanted.code == os.environ["CODE"]
    found["created"] = 1
    sys.stdout.write(json.dumps(found))


main()
