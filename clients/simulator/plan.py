"""What a make-believe call consists of, before anything is written: who asks for what, and when it arrived.

invent.py makes sound submissions, defects/ plants the defects; writing is the business of form/ and letter.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Literal

from clients.simulator.people import County, Person, Society

CALL = "zhihui-2021"
ANNOUNCED = date(2021, 8, 24)
CHINA = timezone(timedelta(hours=8))
DEADLINE = datetime(2021, 9, 3, 23, 59, 59, tzinfo=CHINA)
LIMIT = Decimal(200_000)  # yuan a society

Severity = Literal["error", "warning", "info"]
Delivery = Literal["word", "pair", "scan"]


@dataclass(frozen=True, slots=True)
class SealName:
    """What a seal says. centre: its straight line (科普部, 财务专用章) or "". impression: "" or a pressing's name.

    Seals of one impression are the same picture, as where a seal is pasted or a scan used again.
    """

    text: str
    centre: str = ""
    impression: str = ""


@dataclass(frozen=True, slots=True)
class Expense:
    """quantity, price: of rows that are reckoned as quantity times price, else 0."""

    item: str
    amount: Decimal  # yuan
    basis: str  # how it was reckoned (测算依据)
    quantity: int = 0
    price: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Slot:
    """A box or block that is signed and sealed. "" and None: stays blank."""

    id: str
    opinion: str = ""
    signer: str = ""
    dated: date | None = None
    seal: SealName | None = None


@dataclass(frozen=True, slots=True)
class Prose:
    """The sections of prose; each a tuple of paragraphs."""

    rationale: tuple[str, ...]  # 立项依据
    content: tuple[str, ...]  # 实施内容
    team: tuple[str, ...]  # 志愿服务队伍
    schedule: tuple[str, ...]  # 进度安排
    outcome: tuple[str, ...]  # 预期成效


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What the applicant means to state in the application form. blanks: ids of fields that stay empty.

    ally: the provincial society that a national one brings along. partner: the county's body by name. words: what the
    amount in capitals says. unit_slip: the requested amount is written with the wrong unit. edition: "" or a year of
    before.
    """

    applicant: Society
    recommender: str  # "" for a national society
    leader: Person
    contact: Person
    county: County
    county_contact: Person
    project: str
    prose: Prose
    volunteers: tuple[Person, ...]
    requested: Decimal
    words: Decimal
    self_funded: Decimal
    total: Decimal
    expenses: tuple[Expense, ...]
    begins: date
    ends: date
    filled_on: date
    slots: tuple[Slot, ...]
    credit_code: str
    priced: bool  # the budget shows quantities and prices
    ally: str = ""
    partner: str = ""
    blanks: frozenset[str] = frozenset()
    unit_slip: bool = False
    edition: str = ""

    @property
    def partner_name(self) -> str:
        return self.partner or self.county.association

    @property
    def helper(self) -> str:
        """The other society that the prose names: the ally, or the national society that supports a provincial one."""
        support = self.slot("national_support")
        return self.ally or (support.seal.text if support and support.seal else "")

    def slot(self, id: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.id == id), None)

    def with_slot(self, slot: Slot) -> FormFacts:
        """With this slot in the place of the one with its id."""
        return replace(self, slots=tuple(slot if each.id == slot.id else each for each in self.slots))


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What the letter states. seal, county_seal: None where nothing is stamped. addressee: "" for the county's own.

    stray: a seal that stands where no signature is.
    """

    sender: Society
    seal: SealName | None
    county: County
    county_seal: SealName | None
    project: str
    content: tuple[str, ...]
    contact: Person
    number: str  # "" where the letter carries none
    issued_on: date
    reply_by: date | None
    replied_on: date
    addressee: str = ""
    stray: SealName | None = None

    @property
    def addressee_name(self) -> str:
        return self.addressee or self.county.association


@dataclass(frozen=True, slots=True)
class Flaw:
    """A planted defect. paper: the kind of paper that shows it, "" for the submission as a whole."""

    rule: str
    paper: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Plan:
    """One submission.

    delivery: how the form is sent: Word alone, Word with its stamped scan, the scan alone. word: what the Word form
    states where it differs from the scan. attachment: "" or what the third file is; damage: "" or how a file is
    broken. macros: the Word form carries some. implied: rules that a fair judge calls violated as well. letter_chance:
    "" or the chance that the letter is drawn by, so that two plans may send one letter.
    """

    number: int  # from 1
    received: datetime
    form: FormFacts | None
    letter: LetterFacts | None
    delivery: Delivery = "word"
    word: FormFacts | None = None
    attachment: str = ""
    damage: str = ""
    macros: bool = False
    flaws: tuple[Flaw, ...] = ()
    implied: frozenset[str] = frozenset()
    letter_chance: str = ""

    @property
    def verdict(self) -> str:
        severities = {flaw.severity for flaw in self.flaws}
        unknown = self.form is not None and not self.form.applicant.listed
        return "return" if "error" in severities else "review" if "warning" in severities or unknown else "acceptable"


@dataclass(frozen=True, slots=True)
class Group:
    """Submissions (by number) that break a rule together."""

    rule: str
    members: frozenset[int] = field(default_factory=frozenset)
