"""Attachments in a folder, in an S3-compatible service (moto), and in memory: the same tests."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest

from services.intake.refusals import StorageDown, StorageFull
from services.intake.store import FolderStore, Incoming, MissingBytes, Store, empty_spool, open_store
from services.settings import SettingError


@pytest.fixture(params=["folder", "memory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "s3":
        # a prefix of its own for each test
        return open_store(f"s3://kept/{tmp_path.name}", request.getfixturevalue("s3"), tmp_path)
    return open_store("" if request.param == "folder" else "memory://", {}, tmp_path)


def put(store: Store, data: bytes) -> str:
    with Incoming(store.spool) as incoming:
        for start in range(0, len(data), 100_000):
            incoming.add(data[start : start + 100_000])
        incoming.settle()
        assert incoming.size == len(data)
        store.put(incoming)
        return incoming.sha256


@pytest.mark.parametrize("data", [b"", b"x", os.urandom(7_000_000)], ids=["empty", "small", "several parts"])
def test_what_was_put_is_there_under_its_hash(store: Store, data: bytes) -> None:
    for _ in range(2):  # the same twice is no error
        assert put(store, data) == hashlib.sha256(data).hexdigest()
    assert store.get(hashlib.sha256(data).hexdigest()) == data
    assert list(store.hashes(-1)) == [hashlib.sha256(data).hexdigest()]
    assert list(store.spool.glob("*")) == []


def test_what_is_not_there_is_missing_and_may_be_deleted(store: Store) -> None:
    kept = put(store, b"kept")
    store.delete("0" * 64)
    with pytest.raises(MissingBytes):
        store.get("0" * 64)
    store.delete(kept)
    with pytest.raises(MissingBytes):
        store.get(kept)
    assert list(store.hashes(-1)) == []


def test_young_ones_are_told_from_old_ones(store: Store) -> None:
    put(store, b"young")
    assert list(store.hashes(3600)) == []


def test_what_was_not_put_leaves_nothing(store: Store) -> None:
    with Incoming(store.spool) as incoming:
        incoming.add(b"half")
    assert list(store.spool.glob("*")) == []
    assert list(store.hashes(-1)) == []


def test_what_a_dead_server_left_is_swept(store: Store) -> None:
    (store.spool / "incoming-dead").write_bytes(b"half")
    empty_spool(store)
    assert list(store.spool.glob("*")) == []


def test_damaged_bytes_are_missing_and_heal_when_they_are_put_again(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    kept = put(store, b"good")
    (tmp_path / kept[:2] / kept).write_bytes(b"bad!")
    with pytest.raises(MissingBytes):
        store.get(kept)
    put(store, b"good")
    assert store.get(kept) == b"good"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_nothing_but_a_hash_becomes_a_path(tmp_path: Path, name: str) -> None:
    store = FolderStore(tmp_path)
    for action in (store.get, store.delete):
        with pytest.raises(ValueError):
            action(name)


def test_a_full_disk_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store = FolderStore(tmp_path)
    with Incoming(store.spool) as incoming:
        incoming.add(b"x")
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(StorageFull):
                incoming.settle()
    assert list(store.spool.glob("*")) == []


def test_a_service_that_is_away_is_told_as_unavailable(tmp_path: Path) -> None:
    options = {"endpoint": "http://127.0.0.1:9", "access_key_id": "k", "secret_access_key": "s", "allow_http": "true"}
    store = open_store("s3://kept/x", {**options, "region": "us-east-1"}, tmp_path)
    with pytest.raises(StorageDown):
        store.get("0" * 64)


@pytest.mark.parametrize("url", ["gs://bucket", "/folder", "s3://", "http://x"])
def test_a_url_of_nothing_known_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingError, match="HEYAN_STORE"):
        open_store(url, {}, tmp_path)
