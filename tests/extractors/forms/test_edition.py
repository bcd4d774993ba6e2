"""Which edition of a form a filled one is."""

from __future__ import annotations

from extractors.forms.edition import older_edition, read_edition
from tests.extractors.forms.build import table, word

NOW = read_edition(
    "# comment\n项目名称\t（不超过30字）\n申报单位\n实施内容\n志愿服务队伍\n", "现行", "now", current=True
)
OLD = read_edition("项目名称\n申报单位\n立项目的\n实施条件\n实验设备\n技术路线\n", "旧版", "old", current=False)


def test_a_blank_form_is_labels_and_hints() -> None:
    assert NOW.labels == {"项目名称", "申报单位", "实施内容", "志愿服务队伍"}
    assert NOW.hints == {"(不超过30字)"}


def test_a_form_of_today_is_no_older_edition() -> None:
    today = word(table(["项目名称", "甲"], ["实施内容", "乙"], ["志愿服务队伍", "丙"]))
    assert older_edition(today, (NOW, OLD)) is None
    mixed = word(
        table(["实施内容", "乙"], ["志愿服务队伍", "丙"], ["技术路线", "丁"], ["实施条件", "戊"], ["实验设备", "无"])
    )
    assert older_edition(mixed, (NOW, OLD)) is None


def test_an_older_form_is_known_by_its_own_labels_wherever_they_stand() -> None:
    document = word("二、立项目的", "……", "三、实施条件：好", table(["实验\n设备", "显微镜"]))
    found = older_edition(document, (NOW, OLD))
    assert found is not None
    assert (found.edition, found.met) == (OLD, ("实施条件", "实验设备", "立项目的"))


def test_nothing_is_concluded_without_a_current_edition() -> None:
    assert older_edition(word("立项目的", "实施条件", "实验设备"), (OLD,)) is None
    assert older_edition(word("立项目的", "实施条件", "实验设备"), ()) is None
