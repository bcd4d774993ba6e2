"""A process that is small keeps what it freed; one that is not returns it."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import numpy as np
from services.extraction import memory

memory.keep_freed()
blocks = [np.ones(2**20, np.uint8) for _ in range(200)]
last = np.ones(2**10, np.uint8)  # above them: without it the top of the heap would be free
del blocks
before = memory._in_use()
memory._SMALL = {small}
memory.return_freed()
print(before - memory._in_use())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
@pytest.mark.parametrize(("small", "returned"), [(2**40, False), (0, True)])
def test_what_was_freed_is_kept_while_the_process_is_small(small: int, returned: bool) -> None:
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(small=small)], capture_output=True, text=True, check=True
    ).stdout
    assert (int(said) > 150 * 2**20) == returned
