"""Projects as they go over the wire, and back."""

from datetime import date, datetime
from typing import Any

from marketplace.simulator.stands import Stand
from marketplace.simulator.world import Enterprise, Matter, Project


def wire(project: Project) -> dict[str, Any]:
    """The project as the platform's interface gives it."""
    return {
        "code": project.code,
        "name": project.name,
        "enterprise": {
            "name": project.enterprise.name,
            "credit_code": project.enterprise.credit_code,
        },
        "region": project.region_code,
        "kind": project.kind,
        "stage": project.stage,
        "completed": project.completed,
        "cancelled": project.cancelled,
        "investment_fen": project.investment_fen,
        "foreign_invested": project.foreign_invested,
        "classified": project.classified,
        "approvals": [_matter(one) for one in project.matters],
        "stands": [_stand(one) for one in project.stands],
        "revision": project.revision,
        "changed_at": project.changed_at.isoformat(),
    }


def _matter(one: Matter) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "stage": one.stage,
        "department": one.department,
        "limit": {"value": one.limit, "unit": one.unit},
        "status": one.status,
        "accepted_on": _text(one.accepted_on),
        "decided_on": _text(one.decided_on),
        "due_on": _text(one.due_on),
    }


def _stand(one: Stand) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "number": one.number,
        "lead": one.lead,
        "approvals": list(one.matters),
        "began_on": _text(one.began_on),
        "ended_on": _text(one.ended_on),
        "minutes": one.minutes,
    }


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def unwire(fields: dict[str, Any]) -> Project:
    """The project that was written by `wire`."""
    owner = fields["enterprise"]
    return Project(
        code=fields["code"],
        name=fields["name"],
        enterprise=Enterprise(owner["name"], owner["credit_code"], ""),
        region_code=fields["region"],
        kind=fields["kind"],
        stage=fields["stage"],
        completed=fields["completed"],
        investment_fen=fields["investment_fen"],
        foreign_invested=fields["foreign_invested"],
        classified=fields["classified"],
        matters=tuple(_from_wire(one) for one in fields["approvals"]),
        revision=fields["revision"],
        changed_at=datetime.fromisoformat(fields["changed_at"]),
        stands=tuple(_stand_from_wire(one) for one in fields["stands"]),
        # Kept by a stand-in of before, it was not cancelled.
        cancelled=fields.get("cancelled", False),
    )


def _stand_from_wire(one: dict[str, Any]) -> Stand:
    return Stand(
        kind=one["kind"],
        matters=tuple(one["approvals"]),
        began_on=date.fromisoformat(one["began_on"]),
        ended_on=_day(one["ended_on"]),
        number=one["number"],
        lead=one["lead"],
        minutes=one["minutes"],
    )


def _from_wire(one: dict[str, Any]) -> Matter:
    return Matter(
        code=one["code"],
        name=one["name"],
        stage=one["stage"],
        department=one["department"],
        limit=one["limit"]["value"],
        unit=one["limit"]["unit"],
        status=one["status"],
        accepted_on=_day(one["accepted_on"]),
        decided_on=_day(one["decided_on"]),
        due_on=_day(one["due_on"]),
    )
