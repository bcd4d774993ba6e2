"""Pages of one paper that came as files of their own: photographed one by one, or scanned in parts. bound.py: the
reverse.

The first file bears a form's title, and no other does. A file without a title of its own is a further part of it where
it is tied to it, which is that it names the same organisation, person, county or project, or a seal on it does, and

- it has labels, sections and places for opinions of the form that no other such file has;
- or its name follows the others' (IMG_2032, IMG_2033), and the same header or footer is printed on it, or a little of
  the form is;
- or its printed page number is missing between two others, or up to the printed total;
- or its name stands between those of two such files, and it is written all over;

where its name follows, and it has nothing but the form's instructions; and of a letter, where it is the reply that the
addressee signed, or the end of one that has none: date and name of a body that the first page names.

Nothing is guessed. What only seems to be a further page is joined to nothing and told (`Gathered.doubtful`): a page
that came twice, one of another applicant's form, one of which none of these says anything, all where two forms are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from extractors.document import Field, FieldState, Line, Reading, Source
from extractors.forms.bound import titles_of
from extractors.forms.classify import OTHER, is_certificate, is_letter, is_other_title
from extractors.forms.find import find
from extractors.forms.heads import heads_of, is_of_form
from extractors.forms.instructions import is_instructive, without_instructions
from extractors.forms.numbering import Numbered, Printed, numbered, printed
from extractors.forms.pages import marginal
from extractors.forms.slots import find_slots
from extractors.forms.spec import FieldType, Finder, FormSpec, SlotFinder
from extractors.hanzi import HAN
from extractors.values.alike import similarity
from extractors.values.characters import squeeze
from extractors.values.organisations import is_organisation
from extractors.values.places import find_province

_MOST = 60  # pages: a submission with more of them is no form that was photographed
_SAYS = 3  # fields of the form that a page of it has; a place for an opinion counts as two
_SEEMS = 2  # from so many on it seems to be one
_GENERAL = (FieldType.PERSON, FieldType.PHONE, FieldType.EMAIL, FieldType.DATE)  # labels that any paper may have
_NAMING = {FieldType.ORGANISATION: 3, FieldType.PERSON: 3, FieldType.COUNTY: 3, FieldType.TEXT: 8}
"""Values that name whom and what a paper is about, and their least characters: 研究员 and 高级工程师 do not."""
_WRITTEN, _SPREAD = 100, 0.5  # characters of a page that is written all over, and how much of its height they take
_LEGIBLE = 20  # characters below which a page without a seal says nothing
_SHARED = 2  # fields and places that two pages of one paper do not both have
_SAME = 0.5  # of a page's runs of three characters, those on another from which it is the same page of the form
_FEW = 60  # runs of a page below which nothing is said of that
_TWICE = 0.8  # and from which, with the same numbers, it is the same sheet
_RUNNING = 5  # Hanzi of a header or footer that tells
_NAMED = 0.85  # similarity of two readings of one name
_OTHER_NAME, _SURE = 0.5, 0.8  # below which, both surely read, they are two names
_REPLIES = re.compile(r"同意|来函|收悉|复函|回函|回执")
_NUMBER = re.compile(r"\d{3,}")
_DATE = re.compile(r".{2,4}年.{1,3}月.{1,3}日")


@dataclass(frozen=True, slots=True)
class Apart:
    """A paper whose pages are files. files: their indices among the submission's, that with the title first; the order
    of the others is still open."""

    form: FormSpec
    files: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """papers: of two files at least. doubtful: files that may be further pages of a paper, and are in none."""

    papers: tuple[Apart, ...] = ()
    doubtful: frozenset[int] = frozenset()


def gather(files: Sequence[tuple[str, Reading | None]], forms: Sequence[FormSpec]) -> Gathered:
    """Which files are parts of one paper. files: names and readings of a submission's, None for what was not read."""
    leaves = [
        _Leaf(at, numbered(name), reading, tuple(forms))
        for at, (name, reading) in enumerate(files)
        if reading is not None and _is_part(reading, forms)
    ]
    if len(leaves) < 2 or sum(len(leaf.reading.document.pages) for leaf in leaves) > _MOST:
        return Gathered()
    begun = [leaf for leaf in leaves if leaf.titled]
    rest = [leaf for leaf in leaves if not leaf.titled]
    papers: list[_Paper] = []
    again: dict[str, set[int]] = {}
    for form in forms:
        heads = [leaf for leaf in begun if leaf.titled == form.kind]
        again[form.kind] = {leaf.file for leaf in heads[1:] if leaf.is_page and leaf.is_twice(heads[0])}
        if len(heads) - len(again[form.kind]) == 1:
            papers.append(_Paper.of(form, heads[0], rest))
    while _goes_on(papers, rest):
        pass
    taken = {leaf.file for paper in papers for leaf in paper.pages}
    known = [leaf for leaf in leaves if leaf.titled or leaf.file in taken]
    doubtful = {leaf.file for leaf in rest if leaf.file not in taken and leaf.seems_one(known, begun=bool(begun))}
    # a paper of one page that came twice is two papers alike
    doubtful |= {file for paper in papers if paper.pages[1:] for file in again[paper.form.kind]}
    found = tuple(Apart(paper.form, tuple(leaf.file for leaf in paper.pages)) for paper in papers if paper.pages[1:])
    return Gathered(found, frozenset(doubtful))


def _is_part(reading: Reading, forms: Sequence[FormSpec]) -> bool:
    """Pictures or scans, and not of several papers."""
    pages = reading.document.pages
    if not pages or any(page.source is not Source.OCR for page in pages):
        return False
    first, *others = titles_of(reading.document, forms) if len(pages) > 1 else [""]
    return set(others) <= {"", first}


@dataclass(frozen=True)
class _Leaf:
    """A file that may be part of a paper, mostly a page. file: its index among the submission's."""

    file: int
    name: Numbered
    reading: Reading
    forms: tuple[FormSpec, ...]

    @cached_property
    def titled(self) -> str:
        """The kind of the form that begins here; "" for none."""
        kind = self.reading.kind
        if any(form.kind == kind and is_letter(form) for form in self.forms):
            return kind  # which no letter is without its title
        titled = titles_of(self.reading.document, self.forms)[0]
        return titled if titled in ("", kind) else OTHER  # one that only names the form begins nothing

    @property
    def is_page(self) -> bool:
        return len(self.reading.document.pages) == 1

    # ------------------------------------------------------------------------------------- what it says

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Without headers, footers and page numbers."""
        return tuple(line for line in self.reading.document.lines if line.text.strip() and not marginal(line))

    @cached_property
    def text(self) -> str:
        return "".join(squeeze(line.text) for line in self.lines)

    @cached_property
    def runs(self) -> frozenset[str]:
        return frozenset(self.text[at : at + 3] for at in range(len(self.text) - 2))

    @cached_property
    def running(self) -> frozenset[str]:
        """What its headers and footers say."""
        lines = (line for line in self.reading.document.lines if marginal(line))
        texts = (re.sub(rf"[^{HAN}]", "", line.text) for line in lines)
        return frozenset(text for text in texts if len(text) >= _RUNNING)

    @cached_property
    def printed(self) -> Printed | None:
        """Its page number."""
        return printed(self.reading.document)

    @cached_property
    def fields(self) -> dict[str, tuple[Field, ...]]:
        """What of each form's fields is on it, by kind; of letters nothing, which have no labels of their own."""
        forms = (form for form in self.forms if not is_letter(form))
        return {
            form.kind: tuple(
                field for field in find(self.reading.document, form) if field.state is not FieldState.ABSENT
            )
            for form in forms
        }

    @cached_property
    def marks(self) -> dict[str, dict[str, int]]:
        """What tells that it is a page of a form, by kind: fields with labels of their own, and places for opinions;
        and how much each counts."""
        marks: dict[str, dict[str, int]] = {}
        for form in self.forms:
            own = {field.id for field in form.fields if field.labels and field.type not in _GENERAL}
            boxes = {slot.id for slot in form.slots if slot.finder is SlotFinder.BOX}
            marks[form.kind] = {field.id: 1 for field in self.fields.get(form.kind, ()) if field.id in own}
            marks[form.kind] |= {slot.id: 2 for slot in find_slots(self.reading.document, form) if slot.id in boxes}
        return marks

    @property
    def _most(self) -> int:
        """Of the form of which most is on it."""
        return max((sum(marks.values()) for marks in self.marks.values()), default=0)

    def says(self, form: FormSpec, least: int = _SAYS) -> bool:
        """Whether it is a page of this form and of no other."""
        weights = {kind: sum(marks.values()) for kind, marks in self.marks.items()}
        own = weights.pop(form.kind)
        return own >= least and own > max(weights.values(), default=0) and not self.is_other

    @cached_property
    def is_other(self) -> bool:
        """It is a paper of another sort: a certificate, a notice, a card, by its title; a letter by its addressee."""
        head = next(iter(heads_of(self.reading.document).values()), [])
        texts = [squeeze(line.text) for line in head if not marginal(line)]
        if any(text.endswith(":") and is_organisation(text[:-1]) for text in texts[:3]):
            return True
        titles = (text for text in texts if is_other_title(text) or is_certificate(text))
        return any(not any(is_of_form(text, form) for form in self.forms) for text in titles)

    @cached_property
    def instructs(self) -> bool:
        """It has nothing but a form's own instructions (填写说明), and their title."""
        kept = without_instructions(self.reading.document.blocks)
        left = [block for block in kept if not (isinstance(block, Line) and marginal(block))]
        alone = len(left) == 1 < len(self.lines) and isinstance(left[0], Line)
        headed = bool(self.lines) and is_instructive(self.lines[0].text)
        return headed and (alone or not any(self.fields.values()))

    @property
    def is_written(self) -> bool:
        """All over."""
        boxes = [line.place.box for line in self.lines if line.place.box is not None]
        spread = max((box.bottom for box in boxes), default=0.0) - min((box.top for box in boxes), default=0.0)
        return len(self.text) >= _WRITTEN and spread >= _SPREAD

    # ------------------------------------------------------------------------------ what it is to another

    def is_same(self, other: _Leaf, least: float = _SAME) -> bool:
        """Whether the two are the same page of a form, filled in alike or not."""
        fewer = min(len(self.runs), len(other.runs))
        return fewer >= _FEW and len(self.runs & other.runs) >= least * fewer

    def is_twice(self, other: _Leaf) -> bool:
        """Whether the two show one sheet."""
        if self.reading.document == other.reading.document:
            return True
        own, its = set(_NUMBER.findall(self.text)), set(_NUMBER.findall(other.text))
        numbers = len(own & its) >= _TWICE * len(own | its)
        return numbers and self.is_same(other, _TWICE) and not self.contradicts(other) and not self._differs(other)

    def repeats(self, other: _Leaf, form: FormSpec) -> bool:
        """Whether it has of the form what the other page has: both are not of one paper."""
        shared = self.marks[form.kind].keys() & other.marks[form.kind].keys()
        return len(shared) >= _SHARED or self.is_same(other)

    def contradicts(self, other: _Leaf) -> bool:
        """Whether the two surely name different organisations in one field of a form."""
        own, its = self._organisations, other._organisations
        return any(similarity(own[key], its[key]) < _OTHER_NAME for key in own.keys() & its.keys())

    def _differs(self, other: _Leaf) -> bool:
        """Whether two letters are to or of two bodies. Of letters to two counties little else differs."""
        if self.titled != other.titled or not any(form.kind == self.titled and is_letter(form) for form in self.forms):
            return False
        told = [(self.said(finder), other.said(finder)) for finder in (Finder.ADDRESSEE, Finder.SIGNATURE)]
        return any(own and its and similarity(own[0], its[0]) < _NAMED for own, its in told)

    @cached_property
    def _organisations(self) -> dict[tuple[str, str], str]:
        names = {field.id for form in self.forms for field in form.fields if field.type is FieldType.ORGANISATION}
        return {
            (kind, field.id): field.value
            for kind, fields in self.fields.items()
            for field in fields
            if field.id in names and field.value and field.confidence >= _SURE
        }

    @cached_property
    def names(self) -> frozenset[str]:
        """Whom and what its fields name."""
        least = {field.id: _NAMING.get(field.type, 0) for form in self.forms for field in form.fields if field.labels}
        found = [field for field in self.reading.fields if least.get(field.id)]
        return frozenset(field.value for field in found if len(field.value) >= least[field.id])

    def is_tied(self, pages: Iterable[_Leaf]) -> bool:
        """Whether it names, or a seal on it does, what one of the pages names; or it has nothing of a form but
        one place, and all its seals are of the association of the province whose body one names."""
        text = squeeze(self.reading.document.text)
        seals = [seal.text for seal in self.reading.seals if seal.text]
        names = {name for page in pages for name in page.names}
        if any(name in text or any(similarity(seal, name) >= _NAMED for seal in seals) for name in names):
            return True
        if any(len(marks) > 1 for marks in self.marks.values()):
            return False
        consents = {f"{province}科学技术协会" for name in names if (province := find_province(name))}
        return bool(seals) and all(any(similarity(seal, name) >= _NAMED for name in consents) for seal in seals)

    def answers(self, letter: _Leaf) -> bool:
        """Whether it is the reply to a letter: signed or sealed by its addressee, and saying so or to its sender."""
        to, own = letter.said(Finder.ADDRESSEE), letter.said(Finder.SIGNATURE)
        lines = [re.sub(r"[(（]?(?:公章|盖章)[)）]?$|意见:?$|:$", "", squeeze(line.text)) for line in self.lines]
        seals = [seal.text for seal in self.reading.seals]

        def bears(names: Sequence[str], texts: Sequence[str]) -> bool:
            return any(similarity(name, text) >= _NAMED for name in names for text in texts if text)

        says = bears(own, lines[:3]) or _REPLIES.search(self.text) is not None
        return says and bears(to, [*lines, *seals]) and self._most < _SAYS

    def ends(self, letter: _Leaf) -> bool:
        """Whether it is the end of a letter that has none on its first page."""
        if letter.said(Finder.SIGNATURE_DATE) or self.is_other or self._most >= _SAYS:
            return False
        lines = [squeeze(line.text) for line in self.lines]
        names = (text for text in (*lines, *(seal.text for seal in self.reading.seals)) if is_organisation(text))
        return any(name in letter.text for name in names) and any(_DATE.fullmatch(line) for line in lines)

    def said(self, finder: Finder) -> list[str]:
        """What it states in the fields of its form that are found so."""
        found = {field.id: field.value for field in self.reading.fields if field.value}
        form = next(form for form in self.forms if form.kind == self.titled)
        return [found[field.id] for field in form.fields if finder in field.finders and field.id in found]

    def seems_one(self, known: Sequence[_Leaf], *, begun: bool) -> bool:
        """Whether it may be a further page of a paper that is there, or surely is one of a paper that is not."""
        if self.reading.kind != OTHER or self.is_other:
            return False
        if self._most >= (_SEEMS if begun else _SAYS):
            return True
        legible = len(self.text) >= _LEGIBLE or bool(self.reading.seals)
        return (
            self.is_page
            and legible
            and any(self.name.is_near(page.name) or self.running & page.running for page in known)
        )


@dataclass
class _Paper:
    """A paper that begins on the first of its pages. barred: what is no page of it, or cannot be told from one."""

    form: FormSpec
    pages: list[_Leaf]
    barred: list[_Leaf]

    @classmethod
    def of(cls, form: FormSpec, head: _Leaf, rest: Sequence[_Leaf]) -> _Paper:
        """The paper with the pages that say by what is on them whose they are."""
        if is_letter(form):
            ends = [leaf for leaf in rest if leaf.ends(head)]
            replies = [leaf for leaf in rest if leaf.answers(head) and leaf not in ends]
            alone = [leaves[0] for leaves in (ends, replies) if len(leaves) == 1]
            return cls(form, [head, *alone], [leaf for leaf in (*ends, *replies) if leaf not in alone])
        own = [leaf for leaf in rest if leaf.says(form)]
        once = [leaf for at, leaf in enumerate(own) if not any(leaf.is_twice(other) for other in (head, *own[:at]))]
        own_marks = {leaf.file: leaf.marks[form.kind].keys() for leaf in once}
        barred = [
            leaf
            for leaf in once
            if leaf.contradicts(head)
            or leaf.is_same(head)
            or 2 * len(own_marks[leaf.file] & head.marks[form.kind].keys()) > len(own_marks[leaf.file])
        ]
        for one, other in combinations([leaf for leaf in once if leaf not in barred], 2):
            if one.repeats(other, form):
                far = [leaf for leaf in (one, other) if not leaf.name.is_near(head.name)]
                barred += far if len(far) == 1 else (one, other)
        left = [leaf for leaf in once if leaf not in barred]
        # where no name follows, names tell nothing, or a page was taken at another time
        left = [leaf for leaf in left if leaf.name.is_near(head.name)] or left
        pages = [head]
        while tied := [leaf for leaf in left if leaf not in pages and leaf.is_tied(pages)]:
            pages += tied
        return cls(form, pages, [*barred, *(leaf for leaf in own if leaf not in once)])

    def claims(self, leaf: _Leaf) -> bool:
        """Whether a page that does not say whose it is stands among the paper's."""
        if leaf in self.pages or leaf in self.barred or any(leaf.repeats(page, self.form) for page in self.pages[1:]):
            return False
        near = any(leaf.name.is_near(page.name) for page in self.pages)
        if near and leaf.instructs:
            return True
        if not leaf.is_tied(self.pages):
            return False  # another applicant's page stands under the very next name, with the same header and number
        if near and any(leaf.running & page.running for page in self.pages):
            return True
        own = leaf.marks[self.form.kind].keys()
        new = not any(own <= page.marks[self.form.kind].keys() for page in self.pages)
        return not leaf.is_other and (
            (near and new and leaf.says(self.form, _SEEMS)) or self._is_counted(leaf) or self._is_between(leaf)
        )

    def _is_counted(self, leaf: _Leaf) -> bool:
        """Its printed number is missing between the paper's, or up to their total."""
        number = leaf.printed
        others = [page.printed for page in self.pages if page.printed is not None]
        if number is None or any(other.style != number.style or other.total != number.total for other in others):
            return False
        known = {other.number for other in others}
        return bool(known) and number.number not in known and min(known) < number.number <= max(number.total, *known)

    def _is_between(self, leaf: _Leaf) -> bool:
        """Its name stands between those of two of the paper's pages, and it is written all over."""
        names = [page.name.numbers for page in self.pages if page.name.is_near(leaf.name)]
        between = bool(names) and min(names) < leaf.name.numbers < max(names)
        return between and leaf.is_written


def _goes_on(papers: Sequence[_Paper], rest: Sequence[_Leaf]) -> bool:
    """Give each page that one paper alone claims to it; whether there was one."""
    grown = False
    for leaf in rest:
        claiming = [paper for paper in papers if paper.claims(leaf)]
        if len(claiming) == 1 and not any(leaf in paper.pages for paper in papers):
            claiming[0].pages.append(leaf)
            grown = True
    return grown
