from __future__ import annotations

import pytest

from clients.cli.words import where
from heyan.v1.document_pb2 import Place


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("paragraph 1 / picture 2", "段 1 图片 2"),
        ("section 1 / first header", "节 1 首页 页眉"),
        ("table 2 / row 3 / cell 1", "表 2 行 3 格 1"),
    ],
)
def test_places_in_files_without_pages_are_told_in_chinese(path: str, told: str) -> None:
    assert where(Place(path=path), "zh") == told
    assert where(Place(path=path), "en") == path
