"""Files: kept with an event, read by the owner's policy, gone when nothing needs them."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from marketplace.infra import blobs, crypto, files, keys
from marketplace.infra.database import reading_session
from marketplace.infra.file_pages import page_picture
from marketplace.infra.files import (
    FileRecord,
    FileRow,
    bind_file,
    content,
    discard_file,
    files_of,
    find_file,
    may_read_file,
    store_upload,
    sweep_blobs,
    sweep_orphans,
)
from marketplace.infra.outbox.models import EventRecord
from marketplace.kernel.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.kernel.errors import NotFound, Refused
from marketplace.settings import Settings
from tests import documents
from tests.service.infra.acts import act

pytestmark = pytest.mark.usefixtures("app")

OWNER, STRANGER = Actor(user_id=7, organisation_id=70), Actor(user_id=8, organisation_id=80)


@pytest.fixture(autouse=True)
def _own_access(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "READERS", {})
    monkeypatch.setattr(files._options, "swept_at", float("inf"))


def stored(
    data: bytes = b"", *, owner_id: int | None = 70, personal: bool = False, actor: Actor = OWNER
) -> FileRow:
    with act(actor) as uow:
        row = store_upload(
            uow, owner_kind="test", owner_id=owner_id, kind="scan", name="资质证书.pdf",
            data=data or documents.pdf(), personal=personal,
        )  # fmt: skip
        key = row.id
    with reading_session() as session:
        return find_file(session, key)


def blobs_on_disk(settings: Settings) -> list[Path]:
    return [p for p in (settings.home / "blobs").rglob("*") if p.is_file() and p.name != ".lock"]


def make_old(settings: Settings) -> None:
    for path in blobs_on_disk(settings):
        os.utime(path, (0, 0))


def no_rows(session: Session) -> bool:
    return session.scalars(select(FileRecord)).all() == []


def test_an_upload_is_kept_with_its_digest_and_its_event() -> None:
    row = stored(documents.pdf(2))

    assert (row.name, row.pages, row.uploaded_by) == ("资质证书.pdf", 2, OWNER.user_id)
    assert content(row) == documents.pdf(2)
    with reading_session() as session:
        assert files_of(session, "test", 70) == (row,) == files_of(session, "test", 70, "scan")
        assert find_file(session, row.public_id) == row
        event = session.scalars(select(EventRecord)).one()
    assert (event.kind, event.payload["sha256"]) == ("file.stored", row.sha256)
    assert "资质" not in str(event.payload)


def test_a_refused_upload_names_the_field_and_leaves_nothing(settings: Settings) -> None:
    def upload() -> None:
        with act(OWNER) as uow:
            store_upload(uow, owner_kind="test", owner_id=1, kind="scan", name="a.pdf",
                         data=b"not one", field="scan")  # fmt: skip

    with pytest.raises(Refused) as refused:
        upload()

    assert (refused.value.code, refused.value.field) == ("file.wrong_type", "scan")
    assert blobs_on_disk(settings) == []
    with reading_session() as session:
        assert no_rows(session)


def test_personal_papers_and_their_pictures_lie_encrypted(settings: Settings) -> None:
    row = stored(documents.picture("PNG"), personal=True)
    picture = page_picture(row, 1)

    assert content(row) == documents.picture("PNG")
    assert picture.startswith(b"\x89PNG")
    assert page_picture(row, 1) == picture
    kept = [p for folder in ("blobs", "cache") for p in (settings.home / folder).rglob("*")
            if p.is_file() and p.name != ".lock"]  # fmt: skip
    assert len(kept) == 2
    assert all(b"PNG" not in path.read_bytes() for path in kept)


def pictures(settings: Settings) -> list[Path]:
    return sorted((settings.home / "cache").rglob("*.png"))


@pytest.fixture
def other_keys(settings: Settings) -> Iterator[Callable[[str], None]]:
    """Puts in data keys: `new old` are two, the first in use."""
    known = {"old": b"o" * 32, "new": b"n" * 32}

    def put_in(names: str) -> None:
        crypto.load_keys({name: known[name] for name in names.split()}, settings.hash_key)

    put_in("old")
    yield put_in
    crypto.load_keys(settings.data_keys, settings.hash_key)


def test_pages_of_personal_papers_are_seen_after_a_new_key_and_without_the_old_one(
    settings: Settings, other_keys: Callable[[str], None]
) -> None:
    row = stored(documents.picture("PNG"), personal=True)
    picture = page_picture(row, 1)
    other_keys("new old")
    assert page_picture(row, 1) == picture
    assert keys.rotate(act, [])["pages"] == 1
    assert pictures(settings) == []

    other_keys("new")
    assert page_picture(row, 1) == page_picture(row, 1) == picture
    assert keys.rotate(act, [])["pages"] == 0


def test_a_picture_that_does_not_open_is_drawn_anew(
    settings: Settings, other_keys: Callable[[str], None]
) -> None:
    row = stored(documents.picture("PNG"), personal=True)
    picture = page_picture(row, 1)
    (kept,) = pictures(settings)
    for wrong in (b"", b"v1.gone.xx", kept.read_bytes()[:-1] + b"x", b"v1.old."):
        kept.write_bytes(wrong)
        assert page_picture(row, 1) == picture
    assert page_picture(row, 1) == picture
    kept.write_bytes(b"")
    assert keys.rotate(act, [])["pages"] == 1


def test_pictures_changed_over_on_the_disk_show_nobody_another_paper(settings: Settings) -> None:
    one, two = (stored(documents.picture(kind), personal=True) for kind in ("PNG", "JPEG"))
    first, second = page_picture(one, 1), page_picture(two, 1)
    assert first != second
    here, there = pictures(settings)
    raw = here.read_bytes()
    here.write_bytes(there.read_bytes())
    there.write_bytes(raw)

    assert (page_picture(one, 1), page_picture(two, 1)) == (first, second)


@pytest.mark.parametrize("personal", [False, True])
def test_pictures_end_with_their_file(settings: Settings, personal: bool) -> None:
    gone = stored(documents.pdf(2), personal=personal)
    kept = stored(documents.pdf(3), personal=personal)
    for row in (gone, kept):
        page_picture(row, 2)
    with act() as uow:
        discard_file(uow, gone.id)
    assert [path.parent.name[:64] for path in pictures(settings)] == [kept.sha256]

    # One that was drawn just before the end of the act goes with the content.
    page_picture(gone, 2)
    make_old(settings)
    assert sweep_blobs() == 1
    assert [path.parent.name[:64] for path in pictures(settings)] == [kept.sha256]


def test_two_personal_papers_alike_have_names_that_do_not_tell_it() -> None:
    one, two = (stored(personal=True) for _time in range(2))
    assert len({one.sha256, two.sha256, blobs.digest(documents.pdf())}) == 3
    assert content(one) == content(two) == documents.pdf()


def test_a_page_is_drawn_bounded_and_only_where_there_is_one() -> None:
    row = stored(documents.pdf(2))

    assert page_picture(row, 2).startswith(b"\x89PNG")
    for number in (0, 3):
        with pytest.raises(NotFound):
            page_picture(row, number)


def test_the_owners_policy_decides_who_reads() -> None:
    row = stored()
    with reading_session() as session:
        assert not may_read_file(OWNER, session, row), "nobody, until the feature says who"
        files.READERS["test"] = lambda actor, _session, owner_id: actor.acts_for(owner_id)
        assert may_read_file(OWNER, session, row)
        assert not may_read_file(STRANGER, session, row)


def test_knowing_the_content_gives_no_access_to_another_upload_of_it() -> None:
    files.READERS["test"] = lambda actor, _session, owner_id: actor.acts_for(owner_id)
    first, second = stored(owner_id=70), stored(owner_id=80, actor=STRANGER)
    assert first.sha256 == second.sha256
    with reading_session() as session:
        assert not may_read_file(STRANGER, session, first)


def test_an_upload_without_owner_is_its_uploaders_until_it_is_bound() -> None:
    row = stored(owner_id=None)
    with reading_session() as session:
        assert may_read_file(OWNER, session, row)
        assert not may_read_file(STRANGER, session, row)
        assert not may_read_file(ANONYMOUS, session, stored(owner_id=None, actor=SYSTEM))

    def bind(actor: Actor) -> None:
        with act(actor) as uow:
            bind_file(uow, row.public_id, owner_kind="test", owner_id=70)

    with pytest.raises(NotFound):
        bind(STRANGER)
    bind(OWNER)
    with pytest.raises(NotFound):
        bind(OWNER)


def test_orphans_of_abandoned_forms_go_after_seven_days(settings: Settings) -> None:
    stored(owner_id=None)
    kept = stored(documents.pdf(3), owner_id=70)
    now = datetime.now(UTC)

    assert sweep_orphans(act, now + timedelta(days=6)) == 0
    assert sweep_orphans(act, now + timedelta(days=8)) == 1
    with reading_session() as session:
        assert [row.id for row in session.scalars(select(FileRecord))] == [kept.id]
        assert (
            session.scalars(select(EventRecord.kind).order_by(EventRecord.id)).all()[-1]
            == "file.discarded"
        )
    make_old(settings)
    assert sweep_blobs() == 1
    assert [path.name for path in blobs_on_disk(settings)] == [kept.sha256]


def test_a_content_stays_while_any_file_points_to_it(settings: Settings) -> None:
    stored(owner_id=None)
    stored(owner_id=70)
    sweep_orphans(act, datetime.now(UTC) + timedelta(days=8))
    make_old(settings)

    assert sweep_blobs() == 0
    assert len(blobs_on_disk(settings)) == 1


def test_a_content_whose_act_was_rolled_back_goes_too_but_not_at_once(settings: Settings) -> None:
    def begin_and_fail() -> None:
        with act(OWNER) as uow:
            store_upload(uow, owner_kind="test", owner_id=1, kind="scan", name="a.pdf",
                         data=documents.pdf())  # fmt: skip
            raise RuntimeError

    with pytest.raises(RuntimeError):
        begin_and_fail()

    assert len(blobs_on_disk(settings)) == 1
    make_old(settings)
    assert sweep_blobs() == 1
