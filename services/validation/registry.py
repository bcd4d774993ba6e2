"""The calls that this server knows. A call with a mistake answers so; it never takes the others down."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from services.status import BrokenCall, NotFound
from services.validation.folder import CallError
from services.validation.lint import usable_call
from services.validation.model import Call
from services.validation.wire import call_name

log = logging.getLogger(__name__)


class Registry:
    """Calls by id. Made at start; a call is read again only where somebody asks for it (`refresh`)."""

    def __init__(self, calls: Mapping[str, Call | CallError], folder: Path | None = None) -> None:
        self._calls = dict(sorted(calls.items()))
        self._folder = folder

    @classmethod
    def from_folder(cls, folder: Path) -> Registry:
        """Every sub-folder that has a call.yaml. Mistakes are logged, and kept as the call's answer."""
        calls: dict[str, Call | CallError] = {}
        for path in sorted(folder.glob("*/call.yaml")):
            try:
                calls[path.parent.name] = usable_call(path.parent)
            except CallError as error:
                for problem in error.problems:
                    log.error("call %s cannot be used: %s:%s", path.parent.name, error.file, problem)
                calls[path.parent.name] = error
        return cls(calls, folder)

    def stated(self, name: str) -> Call:
        """The call as its folder states it now; for everybody else it stays as it was.

        Raises BrokenCall where there is a mistake in it, NotFound.
        """
        id = name.removeprefix("calls/")
        if self._folder is None or id not in self._calls:
            return self.get(name)
        try:
            return usable_call(self._folder / id)
        except CallError as error:
            raise BrokenCall(name, _told(error)) from error

    def refresh(self, name: str) -> Call:
        """The same; from here on it counts for everybody."""
        call = self._calls[name.removeprefix("calls/")] = self.stated(name)
        return call

    def get(self, name: str) -> Call:
        """The call of a resource name "calls/{id}". Raises NotFound, BrokenCall."""
        call = self._calls.get(name.removeprefix("calls/"))
        if call is None:
            known = ", ".join(call_name(each) for each in self._calls)
            raise NotFound(
                f"没有名为 {name} 的通知；现有：{known}。",
                f"There is no call {name}; known: {known}.",
                kind="call",
                name=name,
            )
        if isinstance(call, CallError):
            raise BrokenCall(name, _told(call))
        return call

    def broken(self) -> dict[str, CallError]:
        """What is wrong with the calls that cannot be used, by the names of their folders."""
        return {id: call for id, call in self._calls.items() if isinstance(call, CallError)}

    def usable(self) -> tuple[Call, ...]:
        """The calls without mistakes, by id."""
        return tuple(call for call in self._calls.values() if isinstance(call, Call))


def _told(error: CallError) -> list[tuple[str, str]]:
    return [(problem.told.zh, problem.told.en) for problem in error.problems]
