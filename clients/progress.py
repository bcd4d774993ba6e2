"""Progress on stderr: a bar for work of a known number of steps, a line that changes for what is told by the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(title: str, total: int, *, shown: bool = True) -> Iterator[Callable[..., None]]:
    """Gives the function to call after each step, whatever it is told. shown: False where nobody is looking."""
    if not shown:
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(40), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=total)
        yield lambda *_: bar.advance(task)


@contextmanager
def status(text: str, *, shown: bool = True) -> Iterator[Callable[[str], None]]:
    """Gives the function to call with what is to stand behind `text`. shown: False where nobody is looking."""
    if not shown:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status(Text(text)) as line:
        yield lambda more: line.update(Text(f"{text} {more}".rstrip()))
