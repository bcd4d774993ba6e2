"""The folder of a call: its files as text, and what is wrong with them, told by line, column and path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from services.validation import source as yaml_source
from services.validation.model import Severity, Text
from services.validation.source import Mark

FILE = "call.yaml"
_LARGEST = 4 * yaml_source.LARGEST  # bytes of one call.yaml


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a call.yaml. path: of the field, e.g. forms[0].fields[3].type; "" for the file as a whole.

    severity: of an ERROR the call cannot be used; a WARNING is likely to be a mistake, the call works; INFO is told.
    """

    mark: Mark
    path: str
    message: Text
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return self.told.en

    @property
    def told(self) -> Text:
        """The sentence with its place in front."""
        where = f"{self.mark.line}:{self.mark.column}: " if self.mark.line else ""
        where += f"{self.path}: " if self.path else ""
        return Text(where + self.message.zh, where + self.message.en)


class CallError(Exception):
    """A call.yaml is wrong. problems: at least one, in the order of the text. file: as given.

    reason, line, column, path are those of the first.
    """

    def __init__(self, problems: Sequence[Problem], *, file: str = FILE) -> None:
        first, more = problems[0], len(problems) - 1
        super().__init__(f"{file}:{' ' if not first.mark.line else ''}{first}{f' (and {more} more)' if more else ''}")
        self.problems = tuple(problems)
        self.file = file
        self.reason = first.message.en
        self.line = first.mark.line
        self.column = first.mark.column
        self.path = first.path


def read_text(folder: Path, name: str = FILE) -> str:
    """The text of a file of a call's folder. Raises CallError."""
    file = folder / name
    try:
        if not file.is_file():  # a pipe would never end
            raise _unread(file, "没有这个文件", "no such file")
        with file.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise _unread(file, f"超过 {_LARGEST} 字节", f"larger than {_LARGEST} bytes")
        return data.decode("utf-8")
    except OSError as error:
        raise _unread(file, f"无法读取（{error.strerror}）", f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        at = f"byte {error.start}"
        raise _unread(
            file, f"不是 UTF-8 编码（{at}），请另存为 UTF-8", f"not UTF-8 at {at}; save it as UTF-8"
        ) from error


def _unread(file: Path, zh: str, en: str) -> CallError:
    return CallError([Problem(Mark(), "", Text(f"{zh}。", en))], file=str(file))
