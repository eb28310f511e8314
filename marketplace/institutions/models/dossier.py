"""The institution and what it says of itself, in dated versions that freeze when submitted."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    inspect,
)
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.schema import SchemaItem

from marketplace.infra.columns import MaybeWord, among, only_where, words
from marketplace.infra.crypto import EncryptedText
from marketplace.infra.database import Base, Public
from marketplace.institutions.rules import dossier
from marketplace.kernel.identifiers import new_public_id

# All that may still change in a version once it was submitted.
LIFE = frozenset(
    {
        "state",
        "submitted_at",
        "in_force_from",
        "in_force_to",
        "case_id",
        "attention_at",
        "warned_days",
        "expired_at",
        "left_on",
    }
)


class FrozenVersionChanged(Exception):
    """Code tried to rewrite a version that was already submitted."""


class Versioned(Public):
    """A dated version: its number within its line, its state, and the case that approved it.

    `in_force_from`/`in_force_to` say when it was the truth on the platform. `case_id` is the
    vetting case that put it in force; vetting lies above, so there is no foreign key.
    """

    number: Mapped[int]
    state: Mapped[dossier.VersionState] = mapped_column(
        words(dossier.VersionState, length=12), default=dossier.VersionState.DRAFT
    )
    created_at: Mapped[datetime]
    created_by: Mapped[int | None]
    submitted_at: Mapped[datetime | None]
    in_force_from: Mapped[datetime | None]
    in_force_to: Mapped[datetime | None]
    case_id: Mapped[int | None]


def version_constraints(table: str, line: str) -> tuple[SchemaItem, ...]:
    """At most one draft and one version in force per line; a state implies its facts."""
    return (
        UniqueConstraint(line, "number"),
        only_where(f"uq_{table}_one_draft", line, condition="state = 'draft'"),
        only_where(f"uq_{table}_one_in_force", line, condition="state = 'in_force'"),
        CheckConstraint(among("state", dossier.VersionState), name="state_known"),
        CheckConstraint(
            "state in ('draft', 'dropped') or submitted_at is not null", name="submitted_when"
        ),
        CheckConstraint(
            "state not in ('in_force', 'superseded')"
            " or (in_force_from is not null and case_id is not null)",
            name="in_force_by_case",
        ),
        CheckConstraint(
            "(state = 'superseded') = (in_force_to is not null)", name="superseded_when"
        ),
    )


def freeze_when_submitted(model: type[Any]) -> None:
    """Refuse to flush a change of content in a version that is no draft any more."""

    @sa_event.listens_for(model, "before_update")
    def _check(_mapper: object, _connection: object, row: Any) -> None:
        state = inspect(row)
        before = state.attrs.state.history.deleted or (row.state,)
        if before[0] == dossier.VersionState.DRAFT:
            return
        changed = {attr.key for attr in state.mapper.column_attrs if _has_changed(state, attr.key)}
        if changed - LIFE:
            raise FrozenVersionChanged(f"{model.__tablename__}: {sorted(changed - LIFE)}")


def _has_changed(state: Any, key: str) -> bool:
    return bool(state.attrs[key].history.has_changes())


class Institution(Public, Base):
    """An organisation in its capacity as an institution; the lock for all of its dossier."""

    __tablename__ = "institution"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    started_at: Mapped[datetime]
    first_admitted_at: Mapped[datetime | None]
    authorisation_file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))


class InstitutionFacts(Versioned, Base):
    """One version of the profile; name and credit code are those of the organisation then."""

    __tablename__ = "institution_facts"
    __table_args__ = (
        *version_constraints("institution_facts", "institution_id"),
        CheckConstraint(
            f"type = '' or {among('type', dossier.InstitutionType)}", name="type_known"
        ),
        CheckConstraint("capital_fen is null or capital_fen >= 0", name="capital_not_negative"),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    credit_code: Mapped[str] = mapped_column(String(18))
    type: Mapped[dossier.InstitutionType | None] = mapped_column(
        MaybeWord(dossier.InstitutionType, 24), nullable=False
    )
    region_code: Mapped[str] = mapped_column(String(12), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    legal_representative: Mapped[str] = mapped_column(String(60), default="")
    contact_name: Mapped[str] = mapped_column(String(60), default="")
    contact_mobile: Mapped[str | None] = mapped_column(
        EncryptedText("institution_facts.contact_mobile")
    )
    contact_mobile_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    office_phone: Mapped[str] = mapped_column(String(30), default="")
    established: Mapped[date | None]
    capital_fen: Mapped[int | None] = mapped_column(BigInteger)
    profile: Mapped[str] = mapped_column(Text, default="")
    # None until the question about ties to departments is answered.
    has_ties: Mapped[bool | None]

    affiliations: Mapped[list["Affiliation"]] = relationship(
        back_populates="facts", order_by="Affiliation.id"
    )


class Affiliation(Base):
    """An owner of the institution, or a department it is tied to; part of one facts version.

    `line` stays the same through the versions, so that a page's address of it does too.
    """

    __tablename__ = "affiliation"
    __table_args__ = (
        UniqueConstraint("facts_id", "line"),
        CheckConstraint(among("kind", dossier.AffiliationKind), name="kind_known"),
        CheckConstraint(
            f"(kind = 'owner' and {among('holder', dossier.HolderKind)} and tie = '')"
            f" or (kind = 'department' and {among('tie', dossier.TieKind)} and holder = '')",
            name="kind_has_its_facts",
        ),
        CheckConstraint("holder != 'organisation' or credit_code != ''", name="owner_has_code"),
        CheckConstraint(
            "share_millionths is null or share_millionths between 1 and 1000000",
            name="share_in_range",
        ),
        CheckConstraint(
            "(id_number is null) = (id_number_hash is null)", name="id_number_searchable"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    facts_id: Mapped[int] = mapped_column(ForeignKey("institution_facts.id"), index=True)
    line: Mapped[str] = mapped_column(String(10), default=new_public_id, index=True)
    kind: Mapped[dossier.AffiliationKind] = mapped_column(words(dossier.AffiliationKind, length=12))
    name: Mapped[str] = mapped_column(String(200))
    holder: Mapped[dossier.HolderKind | None] = mapped_column(
        MaybeWord(dossier.HolderKind, 12), nullable=False
    )
    credit_code: Mapped[str] = mapped_column(String(18), default="", index=True)
    id_number: Mapped[str | None] = mapped_column(EncryptedText("affiliation.id_number"))
    id_number_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    share_millionths: Mapped[int | None]
    tie: Mapped[dossier.TieKind | None] = mapped_column(
        MaybeWord(dossier.TieKind, 24), nullable=False
    )
    note: Mapped[str] = mapped_column(String(300), default="")

    facts: Mapped[InstitutionFacts] = relationship(back_populates="affiliations")


class Qualification(Versioned, Base):
    """One version of a certificate; a renewal is the next version of the same line.

    `attention_at` is when it next needs a warning or expires; None once there is nothing to do.
    """

    __tablename__ = "qualification"
    __table_args__ = (
        *version_constraints("qualification", "line"),
        CheckConstraint("valid_to is null or valid_to >= valid_from", name="validity_in_order"),
        Index("ix_qualification_attention", "attention_at"),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    line: Mapped[str] = mapped_column(String(10))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("qualification.id"))
    kind: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(20), default="")
    specialty: Mapped[str] = mapped_column(String(60), default="")
    certificate_number: Mapped[str] = mapped_column(String(60))
    issuer: Mapped[str] = mapped_column(String(120))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    scan_file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    attention_at: Mapped[datetime | None]
    warned_days: Mapped[int | None]
    expired_at: Mapped[datetime | None]


class Practitioner(Versioned, Base):
    """One version of what is known of a person who does the work; the number is encrypted."""

    __tablename__ = "practitioner"
    __table_args__ = (
        *version_constraints("practitioner", "line"),
        # What names a person points to the institution, too.
        Index("uq_practitioner_of_institution", "id", "institution_id", "line", unique=True),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"), index=True)
    line: Mapped[str] = mapped_column(String(10))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id"))
    name: Mapped[str] = mapped_column(String(60))
    id_number: Mapped[str] = mapped_column(EncryptedText("practitioner.id_number"))
    id_number_hash: Mapped[str] = mapped_column(String(64), index=True)
    title: Mapped[str] = mapped_column(String(60), default="")
    certificate_kind: Mapped[str] = mapped_column(String(60), default="")
    certificate_number: Mapped[str] = mapped_column(String(60), default="")
    certificate_valid_to: Mapped[date | None]
    scan_file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    left_on: Mapped[date | None]


class Undertaking(Base):
    """The undertaking as it was signed: which text, by whom, when. Never changed."""

    __tablename__ = "undertaking"
    __table_args__ = (UniqueConstraint("institution_id", "text_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey("institution.id"))
    text_version: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    signed_name: Mapped[str] = mapped_column(String(60))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime]


for _model in (InstitutionFacts, Qualification, Practitioner):
    freeze_when_submitted(_model)
