"""The blob store: one copy of each content, whole or not at all, personal papers sealed."""

import os
from pathlib import Path

import pytest

from marketplace.infra import blobs, crypto

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(blobs, "_store", blobs._Store(tmp_path))
    monkeypatch.setattr(crypto, "_keys", crypto._Keys({"old": OLD}, b"h" * 32))
    return tmp_path


def kept_files(store: Path) -> list[Path]:
    return [p for p in store.rglob("*") if p.is_file() and p.name != ".lock"]


def test_the_same_content_is_kept_once_under_its_digest(store: Path) -> None:
    first = blobs.put(b"paper", sealed=False)
    assert blobs.put(b"paper", sealed=False) == first == blobs.digest(b"paper")
    assert [path.name for path in kept_files(store)] == [first]
    assert blobs.get(first, sealed=False) == b"paper"


def test_a_personal_paper_is_not_readable_on_the_disk(store: Path) -> None:
    name = blobs.put(b"a scan of somebody", sealed=True)

    (path,) = kept_files(store)
    assert b"somebody" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert blobs.get(name, sealed=True) == b"a scan of somebody"


def test_an_altered_sealed_paper_is_not_opened(store: Path) -> None:
    name = blobs.put(b"a scan", sealed=True)
    (path,) = kept_files(store)
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)

    with pytest.raises(crypto.SealBroken):
        blobs.get(name, sealed=True)


def test_a_paper_under_the_name_of_another_is_not_opened(store: Path) -> None:
    one, two = blobs.put(b"a scan", sealed=True), blobs.put(b"of another", sealed=True)
    by_name = {path.name: path for path in kept_files(store)}
    raw = by_name[one].read_bytes()
    by_name[one].write_bytes(by_name[two].read_bytes())
    by_name[two].write_bytes(raw)

    for name in (one, two):
        with pytest.raises(crypto.SealBroken):
            blobs.get(name, sealed=True)


def test_the_name_of_a_personal_paper_tells_nothing_of_it() -> None:
    first, second = (blobs.put(b"a scan", sealed=True) for _time in range(2))
    assert len({first, second, blobs.digest(b"a scan")}) == 3


def test_a_paper_from_before_opens_under_its_digest_and_no_other_name(store: Path) -> None:
    old = crypto.encrypt_bytes(b"a scan", "blob:")
    name = blobs.digest(b"a scan")
    for wanted in (name, "f" * 64):
        blobs.write_atomically(store / "blobs" / "sealed" / wanted[:2] / wanted[2:4] / wanted, old)
    assert blobs.get(name, sealed=True) == b"a scan"
    with pytest.raises(crypto.SealBroken):
        blobs.get("f" * 64, sealed=True)


def test_a_missing_content_is_told_as_such() -> None:
    with pytest.raises(blobs.BlobMissing):
        blobs.get("0" * 64, sealed=False)


def test_only_an_old_content_can_be_removed_and_keeping_it_again_makes_it_young(
    store: Path,
) -> None:
    name = blobs.put(b"paper", sealed=False)
    assert not blobs.remove(name, sealed=False, older_than=60)
    (path,) = kept_files(store)
    os.utime(path, (0, 0))
    assert list(blobs.names(sealed=False, older_than=60)) == [name]

    blobs.put(b"paper", sealed=False)
    assert not blobs.remove(name, sealed=False, older_than=60)
    os.utime(path, (0, 0))
    assert blobs.remove(name, sealed=False, older_than=60)
    assert not blobs.remove(name, sealed=False, older_than=60)


def test_a_new_key_reseals_every_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    name = blobs.put(b"a scan", sealed=True)
    monkeypatch.setattr(crypto, "_keys", crypto._Keys({"new": NEW, "old": OLD}, b""))

    assert blobs.reseal_all([]) == 1
    assert blobs.reseal_all([]) == 0
    monkeypatch.setattr(crypto, "_keys", crypto._Keys({"new": NEW}, b""))
    assert blobs.get(name, sealed=True) == b"a scan"
