import pytest

from extractors.values.parts import Part, Parted, nearly, parted


@pytest.mark.parametrize(
    "name",
    [
        "",
        "中国林学会",
        "中国会计学会",
        "安吉县科学技术协会",
        "安吉县农业农村局",
        "中国城市科学研究会",
        "周明",
        "中国医院协会",
    ],
)
def test_an_organisation_itself_has_no_part(name: str) -> None:
    assert parted(name) == Parted(name, "", Part.OWN)


@pytest.mark.parametrize(
    ("name", "head", "part", "kind"),
    [
        ("中国林学会油茶分会", "中国林学会", "油茶分会", Part.BRANCH),
        ("中国航空学会青年工作委员会", "中国航空学会", "青年工作委员会", Part.BRANCH),
        ("浙江省科协科普部", "浙江省科协", "科普部", Part.DEPARTMENT),
        ("浙江省科学技术协会学会工作部", "浙江省科学技术协会", "学会工作部", Part.DEPARTMENT),
        ("湖南省林学会秘书处", "湖南省林学会", "秘书处", Part.DEPARTMENT),
        ("安吉县农业农村局办公室", "安吉县农业农村局", "办公室", Part.DEPARTMENT),
        ("湖南省林学会财务专用章", "湖南省林学会", "财务专用章", Part.SPECIAL),
        ("湖南省林学会合同专用章（1）", "湖南省林学会", "合同专用章", Part.SPECIAL),
        ("湖南省林学会合同专用章（二）", "湖南省林学会", "合同专用章", Part.SPECIAL),
        ("中国林学会党支部", "中国林学会", "党支部", Part.PARTY),
        ("中共安吉县委员会", "安吉县", "中共安吉县委员会", Part.PARTY),
        ("财务专用章", "", "财务专用章", Part.SPECIAL),
        ("科普部", "", "科普部", Part.DEPARTMENT),
        ("周明印", "周明", "周明印", Part.PERSON),
        ("周明之印", "周明", "周明之印", Part.PERSON),
    ],
)
def test_a_part_is_taken_off(name: str, head: str, part: str, kind: Part) -> None:
    assert parted(name) == Parted(head, part, kind)


@pytest.mark.parametrize(
    ("read", "department", "expected"),
    [("普部", "科普部", True), ("科普", "科普部", True), ("宣部", "科普部", False), ("部", "科普部", False),
     ("普部", "普及部", False), ("科普部", "科普部", False), ("办公", "办公室", True),
     ("一科普部", "科普部", True), ("科普部一", "科普部", True), ("学术部", "学会部", False)],
)  # fmt: skip
def test_a_departments_name_that_was_read_with_a_character_more_or_less(
    read: str, department: str, expected: bool
) -> None:
    assert nearly(read, department) is expected
