from extractors.compare import Pair, pair
from extractors.document import Document, Page, Reading, Source
from tests.extractors.compare.papers import LINES, changed, scan, written

KIND = "application_form"
OTHER = changed("油茶提质增效", "蜜蜂养殖技术", changed("湖南省林学会", "江西省蚕蜂学会", changed("周明远", "黎向东")))
STRANGE = tuple(f"完全无关的另一份材料其中第{word}段说明别的事情" for word in "甲乙丙丁戊己庚辛")


def test_a_word_file_alone_has_no_scan() -> None:
    assert pair([written()], KIND) == [Pair(0, ())]


def test_a_scan_alone_is_no_pair() -> None:
    assert pair([scan(LINES), None], KIND) == []


def test_each_scan_belongs_to_the_word_file_with_most_of_its_words() -> None:
    readings = [scan(OTHER), written(), scan(LINES), written(OTHER)]
    assert pair(readings, KIND) == [Pair(1, (2,)), Pair(3, (0,))]


def test_pages_in_several_files_are_taken_together_also_where_they_show_no_title() -> None:
    readings = [written(), scan(LINES[:7]), scan(LINES[7:], kind="other")]
    assert pair(readings, KIND) == [Pair(0, (1, 2))]


def test_a_certificate_with_the_societys_name_is_no_page() -> None:
    name = next(line for line in LINES if "湖南省林学会" in line)
    certificate = scan(("社会团体法人登记证书", name, *LINES[:3]), kind="other")
    assert pair([written(), scan(LINES), certificate], KIND) == [Pair(0, (1,))]


def test_a_second_copy_is_a_pair_of_its_own() -> None:
    assert pair([written(), scan(LINES), scan(LINES)], KIND) == [Pair(0, (1,)), Pair(0, (2,))]


def test_a_scan_of_the_kind_with_other_words_is_a_stranger() -> None:
    assert pair([written(), scan(STRANGE)], KIND) == [Pair(0, (), (1,))]


def test_papers_of_other_kinds_are_left_alone() -> None:
    readings = [written(), scan(STRANGE, kind="other"), scan(LINES, kind="pairing_letter")]
    assert pair(readings, KIND) == [Pair(0, ())]


def test_a_pdf_with_text_is_the_stamped_one_beside_a_word_file_and_the_written_one_beside_a_scan() -> None:
    text = written()
    pdf = Reading(Document("pdf", (Page(1, Source.TEXT),), text.document.blocks), KIND, 0.9, text.fields)
    assert pair([pdf, written()], KIND) == [Pair(1, (0,))]
    assert pair([pdf, scan(LINES)], KIND) == [Pair(0, (1,))]
