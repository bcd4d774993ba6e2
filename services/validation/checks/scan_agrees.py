from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from pydantic import Field as Parameter

from extractors.compare import Comparison, Difference, Kind, Pair, Quote, compare, pair
from extractors.document import Place
from extractors.forms.spec import FormSpec
from services.validation.check import FieldRef, Observation, Paper, Params, check
from services.validation.labels import label_of
from services.validation.model import Evidence, Outcome, Submission, Text
from services.validation.wording import joined

TOLD = 20
"""Differences that are told one by one; a paper with more is not the same paper."""
SHARE = 0.35
"""Of the Word text, below which it is not known what stands where on the scan."""


class About(StrEnum):
    VALUES = "values"
    WORDING = "wording"


class ScanAgrees(Params):
    """A Word file and the stamped scan of the same paper state the same.

    about: "values" for key fields (amounts, names of people, bodies and places, dates, phones, e-mails, rows, and every
    number in the text), "wording" for everything else: sentences changed, dropped or added, parts and pages missing or
    foreign. also: further fields whose value is key. What is added to a printed form (seal, signature, date in its
    slot) is no difference. Where a slip of OCR may explain a key difference, or the value could not be seen on the
    scan, it is undetermined. Not applicable where a paper was sent in one of the two ways only.
    """

    documents: tuple[Paper, ...] = Parameter(min_length=1)
    about: About
    also: tuple[FieldRef, ...] = ()


@check("scan_agrees", ScanAgrees)
def scan_agrees(submission: Submission, params: ScanAgrees) -> Iterator[Observation]:
    told = [seen for form in params.documents for seen in _papers(submission, form, params)]
    yield from told or [_nothing_to_compare()]


def _papers(submission: Submission, form: FormSpec, params: ScanAgrees) -> Iterator[Observation]:
    readings = [
        next((reading for reading in file.readings if reading.kind == form.kind), file.reading)
        if file.page_of is None
        else None
        for file in submission.files
    ]
    also = tuple(ref.field.id for ref in params.also if ref.form.kind == form.kind)
    for found in pair(readings, form.kind):
        written = readings[found.written]
        scans = [scan for index in found.scans if (scan := readings[index]) is not None]
        if found.strangers:
            yield _strangers(form, found)
        if written is None or not scans:
            continue
        result = compare(written, scans, form, also)
        yield from _Telling(form, found, result, params.about).all()


def _nothing_to_compare() -> Observation:
    return Observation(
        Outcome.NOT_APPLICABLE,
        Text(
            "没有同一材料的Word文件和盖章扫描件可供比对，本项不适用。",
            "No paper was sent both as a Word file and as its stamped scan.",
        ),
    )


def _strangers(form: FormSpec, found: Pair) -> Observation:
    return Observation(
        Outcome.UNDETERMINED,
        Text(
            f"“{form.zh}”的Word文件与扫描件内容相差过大，无法确认是否为同一份材料，请人工核对。",
            f"The Word file and the scan of the {form.en} have too little in common to be taken for the same paper.",
        ),
        tuple(Evidence(index) for index in (found.written, *found.strangers)),
    )


class _Telling:
    """What is told of one pair."""

    def __init__(self, form: FormSpec, found: Pair, result: Comparison, about: About) -> None:
        self.form, self.found, self.result, self.about = form, found, result, about

    def all(self) -> Iterator[Observation]:
        if self.result.share < SHARE:
            yield self._unaligned()
            return
        values = self.about is About.VALUES
        differences = [each for each in self.result.differences if each.key is values]
        sure = [each for each in differences if each.sure]
        unsure = [each for each in differences if not each.sure]
        for difference in sure[:TOLD]:
            yield self._told(difference)
        if len(sure) > TOLD:
            yield self._many(sure)
        if unsure:
            yield self._doubtful(unsure[:TOLD])
        if values and self.result.unseen:
            yield self._unseen()
        if self.result.cut:
            yield self._cut()
        if not differences and not self.result.cut and not (values and self.result.unseen):
            yield self._same()

    def _told(self, difference: Difference) -> Observation:
        return Observation(
            Outcome.VIOLATED,
            self._sentence(difference),
            self._evidence(difference),
            _worded("Word文件", difference.written),
            _worded("扫描件", difference.scanned),
        )

    def _sentence(self, difference: Difference) -> Text:
        zh, en = self.form.zh, self.form.en
        written, scanned = difference.written, difference.scanned
        match difference.kind:
            case Kind.FIELD:
                label = self._label(difference)
                return Text(
                    f"“{zh}”的{label.zh}在Word文件与扫描件中不一致：Word文件{_is(written)}，扫描件{_is(scanned)}。",
                    f"{label.en} of the {en}: “{written.text}” in the Word file, “{scanned.text}” on the scan.",
                )
            case Kind.NUMBER:
                return Text(
                    f"“{zh}”文中的数字在Word文件与扫描件中不一致：Word文件为“{written.context}”，"
                    f"扫描件为“{scanned.context}”。",
                    f"A number in the {en}: “{written.context}” in the Word file, “{scanned.context}” on the scan.",
                )
            case Kind.MISSING:
                return Text(
                    f"“{zh}”的扫描件缺少Word文件中约 {difference.size} 字的内容（可能缺页）：{_ends(written.text)}。",
                    f"About {difference.size} characters of the {en} are not on the scan; a page may be missing.",
                )
            case Kind.PAGE:
                return Text(
                    f"“{zh}”扫描件第 {scanned.place.page} 页的内容不在Word文件中（可能为夹入的其他材料）。",
                    f"Page {scanned.place.page} of the scan of the {en} is not in the Word file.",
                )
            case Kind.EXTRA:
                return Text(
                    f"“{zh}”的扫描件多出Word文件中没有的文字：“{scanned.text}”。",
                    f"The scan of the {en} has words that the Word file does not have: “{scanned.text}”.",
                )
            case Kind.WORDING if not scanned.text:
                return Text(
                    f"“{zh}”的扫描件缺少Word文件中的文字：“{written.text}”。",
                    f"The scan of the {en} lacks words of the Word file: “{written.text}”.",
                )
            case Kind.WORDING:
                return Text(
                    f"“{zh}”的文字在Word文件与扫描件中不一致：Word文件为“{written.text}”，扫描件为“{scanned.text}”。",
                    f"Words of the {en}: “{written.text}” in the Word file, “{scanned.text}” on the scan.",
                )

    def _doubtful(self, differences: list[Difference]) -> Observation:
        zh = joined(tuple(dict.fromkeys(self._name(each).zh for each in differences)))
        en = ", ".join(dict.fromkeys(self._name(each).en for each in differences))
        return Observation(
            Outcome.UNDETERMINED,
            Text(
                f"“{self.form.zh}”的扫描件有 {len(differences)} 处未能可靠识别，无法确认与Word文件一致：{zh}，"
                "请人工核对。",
                f"{len(differences)} places on the scan of the {self.form.en} were not read surely enough to be "
                f"compared with the Word file: {en}.",
            ),
            tuple(evidence for each in differences for evidence in self._evidence(each)),
            _worded("Word文件", differences[0].written),
            _worded("扫描件", differences[0].scanned),
        )

    def _unseen(self) -> Observation:
        labels = [label_of(spec, self.form) for spec in self.form.fields if spec.id in self.result.unseen]
        return Observation(
            Outcome.UNDETERMINED,
            Text(
                f"“{self.form.zh}”的扫描件缺少部分内容，未能比对：{joined(tuple(label.zh for label in labels))}。",
                f"Part of the {self.form.en} is not on the scan: {', '.join(label.en for label in labels)}.",
            ),
            self._files(),
        )

    def _many(self, sure: list[Difference]) -> Observation:
        return Observation(
            Outcome.VIOLATED,
            Text(
                f"“{self.form.zh}”的Word文件与扫描件共有 {len(sure)} 处不一致，以上列出前 {TOLD} 处。",
                f"The Word file and the scan of the {self.form.en} differ in {len(sure)} places; {TOLD} are listed.",
            ),
            self._files(),
        )

    def _unaligned(self) -> Observation:
        return Observation(
            Outcome.UNDETERMINED,
            Text(
                f"“{self.form.zh}”的扫描件仅有约 {self.result.share:.0%} 的内容能与Word文件对应，"
                "未能比对，请人工核对。",
                f"Only about {self.result.share:.0%} of the Word file's text was found on the scan of the "
                f"{self.form.en}, so it was not compared.",
            ),
            self._files(),
        )

    def _cut(self) -> Observation:
        return Observation(
            Outcome.UNDETERMINED,
            Text(
                f"“{self.form.zh}”篇幅过长，只比对了前面的部分。",
                f"The {self.form.en} is too long; only its beginning was compared.",
            ),
            self._files(),
        )

    def _same(self) -> Observation:
        count = len(self.result.fields)
        if self.about is About.VALUES:
            zh = f"“{self.form.zh}”的 {count} 个关键栏目及文中数字在Word文件与扫描件中一致。"
            en = f"{count} key fields and all numbers of the {self.form.en} agree on Word file and scan."
        else:
            zh = f"“{self.form.zh}”的Word文件与扫描件文字一致。"
            en = f"The wording of the {self.form.en} agrees on Word file and scan."
        return Observation(Outcome.PASSED, Text(zh, en), self._files())

    # -------------------------------------------------------------------------------------------- names and places

    def _label(self, difference: Difference) -> Text:
        spec = next((spec for spec in self.form.fields if spec.id == difference.field), None)
        label = label_of(spec, self.form) if spec else Text(difference.field, difference.field)
        if not difference.row:
            return label
        return Text(f"{label.zh}第 {difference.row} 行", f"row {difference.row} of {label.en}")

    def _name(self, difference: Difference) -> Text:
        if difference.kind is Kind.FIELD:
            return self._label(difference)
        words = difference.written.text or difference.scanned.text or difference.written.context
        return Text(_short(words, 16), _short(words, 16))

    def _evidence(self, difference: Difference) -> tuple[Evidence, ...]:
        written, scanned = difference.written, difference.scanned
        scan = self.found.scans[scanned.file]
        if difference.kind is Kind.PAGE:
            return (Evidence(scan, Place(scanned.place.page), text=scanned.text),)
        return (
            Evidence(self.found.written, written.place, difference.field, written.text or written.context),
            Evidence(scan, scanned.place, difference.field, scanned.text or scanned.context),
        )

    def _files(self) -> tuple[Evidence, ...]:
        return tuple(Evidence(index) for index in (self.found.written, *self.found.scans))


def _is(quote: Quote) -> str:
    return f"为“{quote.text}”" if quote.text else "无此内容"


def _worded(side: str, quote: Quote) -> str:
    return f"{side}：{_short(quote.context, 120)}"


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _ends(text: str) -> str:
    """“……” for a short part, “开头”至“结尾” for a long one."""
    return f"“{text}”" if len(text) <= 40 else f"从“{text[:16]}”到“{text[-16:]}”"
