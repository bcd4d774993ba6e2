"""From the paths of the command line to submissions: files, or one folder, are one; several folders are several."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from clients.cli.text import printable

LEFT_OUT_NAMES = frozenset({"thumbs.db", "desktop.ini"})
NAME_CHARACTERS = 1024  # of a file's name, in the contract
LABEL_CHARACTERS = 256


class PathError(ValueError):
    """The paths make no submission; zh and en say why."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Item:
    """A file to send: its name for people, and where it is."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Paths:
    """One submission. label: the folder's or first file's name. left_out: names in the folder that are not sent.

    folders: how many folders all of its files lie in, below its own; 0 where some lie in its own.
    """

    label: str
    items: tuple[Item, ...]
    left_out: tuple[str, ...] = ()
    folders: int = 0


def gather(paths: Sequence[Path]) -> tuple[Paths, ...]:
    """The submissions that the paths mean, in their order. Raises PathError."""
    for path in paths:
        if not path.exists():
            raise PathError(f"没有这个文件或文件夹：{printable(str(path))}", f"no such path: {printable(str(path))}")
    folders = [path.is_dir() for path in paths]
    if all(folders):
        return tuple(_of_folder(path) for path in paths)
    if any(folders):
        raise PathError(
            "文件和文件夹不能混用：几个文件（或一个文件夹）是一份申报，几个文件夹是几份申报。",
            "files and folders cannot be mixed: files, or one folder, are one submission; several folders are several",
        )
    return (_of_files(paths),)


def of_file(path: Path) -> Item:
    """One file as it is sent. Raises PathError."""
    if not path.exists():
        raise PathError(f"没有这个文件：{printable(str(path))}", f"no such file: {printable(str(path))}")
    _need_regular(path)
    return Item(wire_text(path.name)[-NAME_CHARACTERS:], path)


def _of_files(paths: Sequence[Path]) -> Paths:
    items = [of_file(path) for path in paths]
    if len({item.name for item in items}) < len(items):  # two of one name: the paths tell them apart
        items = [Item(wire_text(str(path))[-NAME_CHARACTERS:], path) for path in paths]
    return Paths(wire_text(paths[0].name)[:LABEL_CHARACTERS], tuple(items))


def _of_folder(folder: Path) -> Paths:
    """Every file in it and below, in the order of their names."""
    items: list[Item] = []
    left_out: list[str] = []
    for parent, folders, names in os.walk(folder, onerror=_unreadable):
        here = Path(parent)
        left_out += [_relative(here / name, folder) + "/" for name in folders if _is_left_out(name)]
        folders[:] = sorted(name for name in folders if not _is_left_out(name))
        for name in names:
            path = here / name
            # A link may lead anywhere, a pipe may never end: neither comes from an applicant.
            if _is_left_out(name) or not stat.S_ISREG(path.lstat().st_mode):
                left_out.append(_relative(path, folder))
            else:
                items.append(Item(_relative(path, folder)[-NAME_CHARACTERS:], path))
    if not items:
        name = printable(str(folder))
        raise PathError(f"文件夹中没有可核验的文件：{name}", f"nothing to check in the folder {name}")
    label = wire_text(folder.resolve().name)[:LABEL_CHARACTERS]
    parents = {item.path.relative_to(folder).parts[:-1][:1] for item in items}
    folders_of_files = 0 if () in parents else len(parents)
    return Paths(label, tuple(sorted(items, key=lambda item: item.name)), tuple(sorted(left_out)), folders_of_files)


def _unreadable(error: OSError) -> None:
    name = printable(str(error.filename))
    raise PathError(f"无法读取文件夹：{name}", f"cannot read the folder {name}: {error.strerror}")


def _need_regular(path: Path) -> None:
    if not path.is_file():
        name = printable(str(path))
        raise PathError(f"不是普通文件：{name}", f"not a regular file: {name}")


def _is_left_out(name: str) -> bool:
    """Hidden files, the thumbnails of Windows, and the lock files that Word leaves beside an open document."""
    return name.startswith((".", "~$")) or name.lower() in LEFT_OUT_NAMES


def _relative(path: Path, folder: Path) -> str:
    return wire_text(path.relative_to(folder).as_posix())


def wire_text(name: str) -> str:
    """A file's name as valid Unicode. Bytes that are no UTF-8 are mostly GB 18030, from archives of Windows."""
    data = os.fsencode(name)
    for encoding in ("utf-8", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")
