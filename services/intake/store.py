"""Where attachments lie, under their SHA-256: a folder, or an S3-compatible service by its URL.

    with spool as incoming: incoming.add(chunk) ...      a temporary file on the same disk
    store.put(incoming)                                  on disk, or in the service, when it returns
    store.get(sha256)                                    the bytes, proved by their hash

No name of a file ever becomes a path: only the hash does. All functions block; call them in a thread.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from services.intake.refusals import StorageDown, StorageFull
from services.settings import SettingError

if TYPE_CHECKING:
    from obstore.store import ObjectStore as AnyStore

_HASH = re.compile("[0-9a-f]{64}")
_FULL = (errno.ENOSPC, errno.EDQUOT)


class MissingBytes(Exception):
    """The store has no such bytes, or they are not what their hash says (damaged). The message is the hash."""

    def __init__(self, sha256: str, *, damaged: bool = False) -> None:
        super().__init__(sha256)
        self.damaged = damaged


class Incoming:
    """A file that is arriving. size, sha256: of what was added. Gone with the block unless a store took it."""

    def __init__(self, folder: Path) -> None:
        # delete=False: a store takes the file away by renaming it
        self._file = NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False)  # noqa: SIM115
        self._hash = hashlib.sha256()
        self.path = Path(self._file.name)
        self.size = 0

    def __enter__(self) -> Incoming:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.path.unlink(missing_ok=True)

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def add(self, chunk: bytes) -> None:
        """Raises StorageFull."""
        with _told():
            self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def settle(self) -> None:
        """Everything that was added is on disk when this returns. Raises StorageFull."""
        with _told():
            self._file.flush()
            os.fsync(self._file.fileno())


class Store(Protocol):
    """spool: the folder where Incoming is to be made."""

    spool: Path

    def put(self, incoming: Incoming) -> None:
        """Takes a settled file. Putting the same bytes twice is no error. Raises StorageFull, StorageDown."""

    def get(self, sha256: str) -> bytes:
        """The bytes. Raises MissingBytes, StorageDown."""

    def delete(self, sha256: str) -> None:
        """What is not there may be deleted. Raises StorageDown."""

    def hashes(self, older_than: float) -> Iterator[str]:
        """Of everything that has lain here for so many seconds."""


class FolderStore:
    """ab/abcd…: a file is there whole or not at all, also after a power cut."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.spool = folder / "incoming"
        with _told():
            self.spool.mkdir(parents=True, exist_ok=True)

    def put(self, incoming: Incoming) -> None:
        target = self._path(incoming.sha256)
        with _told():
            if not target.parent.is_dir():
                target.parent.mkdir(exist_ok=True)
                _settle_folder(self._folder)
            incoming.path.replace(target)
            _settle_folder(target.parent)

    def get(self, sha256: str) -> bytes:
        try:
            with _told():
                return _proved(self._path(sha256).read_bytes(), sha256)
        except FileNotFoundError as error:
            raise MissingBytes(sha256) from error

    def delete(self, sha256: str) -> None:
        path = self._path(sha256)
        with contextlib.suppress(FileNotFoundError), _told():
            path.unlink()
            _settle_folder(path.parent)

    def hashes(self, older_than: float) -> Iterator[str]:
        before = time.time() - older_than
        for path in self._folder.glob("??/*"):
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                if _HASH.fullmatch(path.name) and path.stat().st_mtime < before:
                    yield path.name

    def _path(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise ValueError("not a SHA-256")
        return self._folder / sha256[:2] / sha256


class ServiceStore:
    """An S3-compatible service (or memory, in tests) through obstore."""

    def __init__(self, store: AnyStore, spool: Path) -> None:
        self._store = store
        self.spool = spool
        self.spool.mkdir(parents=True, exist_ok=True)

    def put(self, incoming: Incoming) -> None:
        import obstore

        with _told():
            obstore.put(self._store, incoming.sha256, incoming.path)

    def get(self, sha256: str) -> bytes:
        import obstore

        try:
            with _told():
                return _proved(bytes(obstore.get(self._store, sha256).bytes()), sha256)
        except FileNotFoundError as error:
            raise MissingBytes(sha256) from error

    def delete(self, sha256: str) -> None:
        import obstore

        with contextlib.suppress(FileNotFoundError), _told():
            obstore.delete(self._store, sha256)

    def hashes(self, older_than: float) -> Iterator[str]:
        import obstore

        before = time.time() - older_than
        with _told():
            for some in obstore.list(self._store):
                for each in some:
                    if _HASH.fullmatch(each["path"]) and each["last_modified"].timestamp() < before:
                        yield each["path"]


def open_store(url: str, options: dict[str, str], data: Path) -> Store:
    """The store at a URL: "" for a folder in `data`, file:///folder, s3://bucket/prefix, memory:// for tests.

    options: of obstore for S3: endpoint, access_key_id, secret_access_key, region, allow_http. Raises SettingError.
    """
    if not url:
        return FolderStore(data / "attachments")
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderStore(Path(parts.path))
    if parts.scheme not in ("s3", "memory"):
        raise SettingError(f"HEYAN_STORE must be file:///folder or s3://bucket/prefix, not {parts.scheme}://")
    import obstore
    from obstore.store import MemoryStore

    try:
        store = MemoryStore() if parts.scheme == "memory" else _s3(url, options)
    except (obstore.exceptions.BaseError, ValueError, TypeError) as error:
        raise SettingError(f"HEYAN_STORE or HEYAN_STORE_OPTIONS: {str(error).splitlines()[0]}") from error
    return ServiceStore(store, data / "incoming")


def empty_spool(store: Store) -> None:
    """At the start of a server: what arrived while the last one died was never acknowledged."""
    for path in store.spool.glob("incoming-*"):
        path.unlink(missing_ok=True)


def _s3(url: str, options: dict[str, str]) -> AnyStore:
    from obstore.store import S3Store

    config: Any = {key: value for key, value in options.items() if key != "allow_http"}
    allow_http = options.get("allow_http", "").lower() in ("1", "true", "yes")
    return S3Store.from_url(
        url,
        config=config,
        client_options={"allow_http": allow_http, "timeout": "60s"},
        retry_config={"max_retries": 3, "retry_timeout": timedelta(seconds=20)},
    )


def _proved(data: bytes, sha256: str) -> bytes:
    if hashlib.sha256(data).hexdigest() != sha256:
        raise MissingBytes(sha256, damaged=True)
    return data


def _settle_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Failures of a disk or a service as refusals; FileNotFoundError as itself."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        raise StorageFull() if error.errno in _FULL else StorageDown() from error
    except Exception as error:
        from obstore.exceptions import BaseError

        if isinstance(error, BaseError):
            raise StorageDown from error
        raise
