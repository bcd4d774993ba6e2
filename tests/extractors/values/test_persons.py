"""Names of persons with what stands beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.persons import read_person


@pytest.mark.parametrize(
    ("raw", "name", "title"),
    [
        ("张  三", "张三", ""),
        ("张 三 丰", "张三丰", ""),
        ("胡  振东（教授，博导）", "胡振东", "教授"),
        ("张三 教授", "张三", "教授"),
        ("熊敏之主任医师", "熊敏之", "主任医师"),
        ("张三正高级农艺师", "张三", "正高级农艺师"),
        ("张三，副会长兼秘书长，13800138000", "张三", "副会长兼秘书长"),
        ("武德胜／秘书长", "武德胜", "秘书长"),
        ("张三13800138000", "张三", ""),
        ("张三（兼）", "张三", ""),
        ("张三 男", "张三", ""),
        ("秘书长：张三", "张三", "秘书长"),
        ("教授张三", "张三", ""),
        ("办公室主任张三", "张三", ""),
        ("办公室 张三", "张三", ""),
        ("姓名：张三 电话：010-62379323", "张三", ""),
        ("欧阳修 李四", "欧阳修", ""),
        ("买买提·艾力", "买买提·艾力", ""),
        ("高工", "", ""),
        ("教授", "", ""),
        ("13800138000", "", ""),
    ],
)
def test_a_name_and_its_title(raw: str, name: str, title: str) -> None:
    person = read_person(raw)
    assert (person.name, person.title) == (name, title) if person is not None else name == ""


@given(st.text(alphabet="张三教授主任正副高级工程师兼长 　（）()/、，:：·13A\n", max_size=60))
def test_garbage_never_raises(raw: str) -> None:
    read_person(raw)
