import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.values.societies import national_societies
from services.validation.whose import Known, Ownership, Whose, fits, whose

MATCHES, OTHER, UNSURE = Whose.MATCHES, Whose.OTHER, Whose.UNSURE
KNOWN = Known(("湖南省水士保持学会", "吉安县科协", *(society.name for society in national_societies())))


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("吉安县科学技术协会", "安吉县科协"),
        ("安徽省水利协会", "安徽省水利学会"),
        ("中国生理卫生协会", "中国心理卫生协会"),
        ("中国植物学会", "中国植物保护学会"),
        ("中国植物保护学会", "中国植物学会"),
        ("中国医学会", "中华医学会"),
        ("湖北省林学会", "湖南省林学会"),
        ("湖南省林学会", "中国林学会"),
        ("桃江县科学技术协会", "桃源县科协"),
        ("桃顺县科学技术协会", "桃源县科协"),  # no such county: it could be several
        ("吉县科学技术协会", "安吉县科协"),
        ("科学技术协会", "安吉县科协"),
        ("安吉县农业农村局", "安吉县科协"),
        ("安吉县老科学技术工作者协会", "安吉县科协"),
        ("长春市朝阳区科学技术协会", "北京市朝阳区科协"),
        ("", "中国林学会"),
        ("湖南省水士保持学会", "湖南省水土保持学会"),  # both are known
    ],
)
def test_another_s_name_never_matches(read: str, expected: str) -> None:
    assert whose(read, (expected,), KNOWN).whose is not MATCHES
    assert whose(read, (expected,)).whose is not MATCHES or read == "湖南省水士保持学会"


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("安吉县科学技术协会", "安吉县科协"),
        ("浙江省安吉县科学技术协会", "安吉县科协"),
        ("浙江省湖州市安吉县科学技术协会", "浙江省安吉县科协"),
        ("安吉县科学技术协会", "浙江省湖州市安吉县科学技术协会"),
        ("景宁畲族自治县科学技术协会", "景宁县科协"),
        ("湖南林学会", "湖南省林学会"),
        ("安吉县科学枝术协会", "安吉县科协"),
        ("安吉县科学技术协", "安吉县科协"),  # the end of the arc was lost, but nothing else begins so
        ("沉陵县科学技术协会", "沅陵县科协"),
        ("中国林字会", "中国林学会"),
        ("青海省畜牧善医学会", "青海省畜牧兽医学会"),
        ("国林学会", "中国林学会"),
        ("浙汪省林学会", "浙江省林学会"),
        ("北京市朝阳区科学技术协会", "朝阳区科协"),
    ],
)
def test_slips_and_other_forms_of_the_expected_name_match(read: str, expected: str) -> None:
    assert whose(read, (expected,), KNOWN).whose is MATCHES
    assert fits(read, expected)


@pytest.mark.parametrize(
    ("read", "expected", "name"),
    [
        ("吉安县科学技术协会", "安吉县科协", "吉安县科协"),
        ("中国农业工程学会", "中国农业机械学会", "中国农业工程学会"),
        ("中国植物学会", "中国植物保护学会", "中国植物学会"),
        ("湖北省林学会", "湖南省林学会", ""),  # told, though nobody knows it
        ("安徽省水利协会", "安徽省水利学会", ""),
    ],
)
def test_another_s_seal_is_told_by_its_name(read: str, expected: str, name: str) -> None:
    found = whose(read, (expected,), KNOWN)
    assert (found.whose, found.name) == (OTHER, name)


@pytest.mark.parametrize("name", ["安吉县科学技术协会", "中国植物保护学会", "湖南省林学会"])
@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_lost_end_of_the_arc_is_unsure_at_worst(name: str, lost: int) -> None:
    for read in (name[lost:], name[:-lost]):
        assert whose(read, (name,), KNOWN).whose is not OTHER


def test_the_runner_up_is_told_with_its_margin() -> None:
    assert whose("中国林学会", ("中国林学会",), Known(["中国农学会"])) == Ownership(
        MATCHES, "中国林学会", "中国农学会", 1.0
    )


def test_any_of_several_names_will_do() -> None:
    assert whose("浙江省科学技术协会", ("浙江省科协科普部", "浙江省科协")).name == "浙江省科协"


@given(st.text(max_size=80), st.text(alphabet="中国省县安吉林学会科协", max_size=30), st.floats(0, 1))
def test_anything_can_be_read_from_a_seal(read: str, expected: str, confidence: float) -> None:
    assert whose(read, (expected,), KNOWN, confidence=confidence).whose in Whose


@pytest.mark.parametrize(
    ("read", "expected", "who"),
    [
        ("天津市叶学会", "天津市茶叶学会", Whose.UNSURE),  # a character was lost
        ("中国蔬采协会", "中国蔬菜协会", Whose.UNSURE),  # of vegetables, misread: nobody is about 蔬采
        ("海南省心展学会", "海南省地震学会", Whose.UNSURE),
        ("海南省农业学会", "海南省地震学会", OTHER),  # there are bodies of that subject
        ("海南省心展协会", "海南省地震学会", OTHER),  # and another kind of body is no slip
    ],
)
def test_a_name_beside_the_expected_one_that_nobody_bears_was_misread(read: str, expected: str, who: Whose) -> None:
    known = Known(["海南省地震学会", "中国蔬菜协会", "中国农业学会"])
    assert whose(read, (expected,), known).whose is who


@pytest.mark.parametrize(
    ("read", "confidence", "who"),
    [
        ("温县科学技术协会", 0.61, UNSURE),  # two characters of 德江县科学技术协会 lost, one of them misread
        ("温县科学技术协会", 0.95, OTHER),
        ("德江县农业农村局", 0.61, OTHER),
    ],
)
def test_what_an_unsure_reading_has_wrong_is_nobody_else_s_name(read: str, confidence: float, who: Whose) -> None:
    assert whose(read, ("德江县科学技术协会",), KNOWN, confidence=confidence).whose is who


@pytest.mark.parametrize(
    ("read", "also", "expected", "who"),
    [
        ("西腾县科学技术协会", "西畴县科学技术协会", "西畴县科协", MATCHES),  # there is no 西腾县
        ("湖北省地农学会", "湖北省地震学会", "湖北省地震学会", MATCHES),
        ("中国林材学会", "中国木材学会", "中国林学会", OTHER),  # the other choice is not the expected one
        ("吉安县科学技术协会", "安吉县科学技术协会", "安吉县科协", OTHER),  # the first is somebody's
        ("龙江县科学技术协会", "蒲江县科学技术协会", "蒲江县科协", OTHER),
        ("湖北省农学会", "湖北省林学会", "湖北省林学会", OTHER),  # there are bodies of that subject
        ("湖北省地农协会", "湖北省地震学会", "湖北省地震学会", OTHER),
        ("科学技术协会", "西畴县科学技术协会", "西畴县科协", UNSURE),
    ],
)
def test_the_other_choice_of_a_reader_counts_where_its_first_is_nobodys_name(
    read: str, also: str, expected: str, who: Whose
) -> None:
    known = Known(("吉安县科协", "中国农学会", *(society.name for society in national_societies())))
    found = whose(read, (expected,), known, also=(also,))
    assert (found.whose, found.instead) == (who, also if who is MATCHES else "")


def test_a_rival_is_as_far_as_its_slips_make_it() -> None:
    """A place that no slip explains is not near for being of one character."""
    known = Known(("沂源县科学技术协会", "婺源县科学技术协会", "繁昌区科学技术协会", "高昌区科学技术协会"))
    for read, name in (("沂源县科学技县术协会", "沂源县科学技术协会"), ("繁昌区科学技术协会轮", "繁昌区科学技术协会")):
        found = whose(read, (name,), known)
        assert found.whose is MATCHES
        assert found.margin == 1.0
