"""A call.yaml drafted from a notice's text, for a person to finish.

What the notice states is filled in, with its clause. What it does not state, and what only a person can know (how the
form's labels read), is a TODO: a comment, or the word TODO in a value's place, which keeps the call from being used.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.values.money import plain
from services.validation.folder import Problem
from services.validation.model import Clause, Severity, Text
from services.validation.notice import Amount, Attachment, Deadline, Notice, plain_name, read_notice
from services.validation.source import Mark
from services.validation.wording import yuan

_PAPERS = 10  # more are told as TODOs
_CONDITIONS = 8  # that are told
_PRACTICE = Clause("practice", "")
_NOT_SENT = re.compile("名额|分配|指南|通知|名单|办法|说明|须知|细则|目录|流程|汇总|一览|评分|标准|手册")
_LETTER = re.compile("函$|公函")
_PROMISE = re.compile("承诺|声明|保证书")
_FORM = re.compile(
    "(?:申报|申请|报名|登记|推荐|预约|征集|信息|自荐|立项|任务)[^表书]{0,8}(?:书|表|单)|计划书|项目书|申报|报名"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """yaml: the text. todos: what is left to do, each at its line in the order of the text."""

    yaml: str
    todos: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Paper:
    """A paper that applicants send. kind: of the form; name: what the notice calls it."""

    kind: str
    en: str
    name: str
    clause: Clause
    fields: tuple[str, ...]


# id: (type, labels, zh or "", finders or "")
_FIELDS = {
    "project_name": ("text", "项目名称, 申报项目名称, 活动名称, 题目, 名称"),
    "applicant": ("organisation", "申报单位, 申请单位, 单位名称, 学校名称, 报名单位, 承担单位"),
    "leader_name": ("person", "项目负责人, 负责人, 负责人姓名"),
    "contact_name": ("person", "联系人, 联系人姓名, 经办人"),
    "contact_phone": ("phone", "联系电话, 联系人电话, 手机, 电话"),
    "contact_email": ("email", "电子邮箱, 邮箱, 电子信箱, E-mail"),
    "requested_amount": ("money", "申请经费, 申请金额, 申请资助金额, 经费预算, 预算金额"),
    "period_end": ("date", "起止时间, 实施周期, 实施时间, 活动时间"),
    "filled_on": ("date", "填报日期, 申请日期, 填表日期, 报名日期"),
}
_FINDERS = {"period_end": "period_end", "filled_on": "label, date_line"}
_LETTER_FIELDS = {
    "title": ("函件标题", "text", "title"),
    "document_number": ("发文字号", "text", "document_number"),
    "addressee": ("主送机关", "organisation", "addressee"),
    "sender": ("发函单位", "organisation", "signature"),
    "issued_on": ("成文日期", "date", "signature_date"),
}


class _Writer:
    """Lines of YAML; remembers where something is left to do."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.todos: list[Problem] = []

    def line(self, text: str = "") -> None:
        self.lines.append(text)

    def todo(self, indent: int, zh: str, en: str) -> None:
        """A comment of its own line."""
        self.todos.append(Problem(Mark(len(self.lines) + 1, indent + 3), "", Text(zh, en), Severity.INFO))
        self.line(f"{' ' * indent}# TODO {_one_line(zh)}")

    def open(self, indent: int, key: str, zh: str, en: str) -> None:
        """A value that is needed and not known: the call cannot be used until it is there."""
        self.todos.append(
            Problem(Mark(len(self.lines) + 1, indent + len(key) + 3), key, Text(zh, en), Severity.WARNING)
        )
        self.line(f"{' ' * indent}{key}: TODO # {_one_line(zh)}")


def draft(text: str, id: str = "") -> Draft:
    """The draft of a call. id: "" for one made from the year of issue."""
    notice = read_notice(text)
    papers = _papers(notice)
    writer = _Writer()
    _head(writer, notice, id)
    _forms(writer, notice, papers)
    _rules(writer, notice, papers)
    return Draft("\n".join(writer.lines) + "\n", tuple(writer.todos))


# ------------------------------------------------------------------------------------------------- head


def _head(writer: _Writer, notice: Notice, id: str) -> None:
    writer.line(f"# {_one_line(notice.title) or '（未找到通知标题）'}")
    writer.line(
        "# 由 heyan call draft 根据通知文字草拟，请逐项核对；完成一项，删除一处 TODO。规则和栏目的 id 启用后不再更改。"
    )
    year = f"-{notice.issued_on.year}" if notice.issued_on else ""
    writer.line(f"id: {id or 'draft' + year}")
    if not id:
        writer.todo(
            0, "给通知取一个简短的编号（小写字母、数字、连字符），与文件夹同名", "choose a short id, the folder's name"
        )
    writer.line("title:")
    _known(writer, 2, "zh", notice.topic[:200], "通知（项目）的名称", "the call's name in Chinese")
    writer.open(2, "en", "通知（项目）的英文名称", "the call's name in English")
    _known(writer, 0, "number", notice.number, "通知的文号；没有文号的写“无”", "the notice's number; 无 if it has none")
    _known(writer, 0, "issuer", notice.issuer, "发布通知的单位", "who issued the notice")
    issued = notice.issued_on.isoformat() if notice.issued_on else ""
    _known(
        writer, 0, "issued_on", issued, "通知的日期，如 2021-08-23", "the notice's date, e.g. 2021-08-23", plain=True
    )
    _deadline(writer, notice.deadlines)
    _contacts(writer, notice)


def _known(writer: _Writer, indent: int, key: str, value: str, zh: str, en: str, *, plain: bool = False) -> None:
    if value:
        writer.line(f"{' ' * indent}{key}: {value if plain else _quoted(value)}")
    else:
        writer.open(indent, key, zh, en)


def _deadline(writer: _Writer, found: Sequence[Deadline]) -> None:
    if not found:
        zh = "申报截止时间，如 2021-09-03T23:59:59+08:00"
        writer.open(0, "deadline", zh, "the last moment to apply, e.g. 2021-09-03T23:59:59+08:00")
        return
    first, *others = found
    how = "" if first.exact else "：未写明几时，按当日 24 时计"
    writer.line(f"# {_one_line(first.clause.section)} “{_one_line(first.clause.quote)}”{how}")
    if others:
        listed = "、".join(f"{each.moment:%Y-%m-%d %H:%M}" for each in others[:5])
        writer.todo(
            0, f"通知中还有其他日期（{listed}），请核对截止时间", "there are other dates, too: compare the deadline"
        )
    writer.line(f"deadline: {first.moment.isoformat()}")


def _contacts(writer: _Writer, notice: Notice) -> None:
    if notice.phones or notice.emails:
        writer.line(f"# 咨询：{'、'.join((*notice.phones, *notice.emails))}")


# ------------------------------------------------------------------------------------------------ papers


def _papers(notice: Notice) -> tuple[_Paper, ...]:
    """The papers that applicants send, from the attachments; at least one form."""
    found: list[_Paper] = []
    for attachment in notice.attachments:
        paper = _paper(attachment, notice, {each.kind for each in found})
        if paper is not None and len(found) < _PAPERS:
            found.append(paper)
    if not any(paper.kind.startswith("application_form") for paper in found):
        found.insert(0, _Paper("application_form", "application form", "", _PRACTICE, _form_fields(notice)))
    return tuple(found)


def _paper(attachment: Attachment, notice: Notice, taken: set[str]) -> _Paper | None:
    name = attachment.name
    clause = notice.papers.get(name, _PRACTICE)
    if _LETTER.search(plain_name(name)):
        return _Paper(_free("letter", taken), "letter", name, clause, tuple(_LETTER_FIELDS))
    if _NOT_SENT.search(name):
        return None
    if _PROMISE.search(name):
        return _Paper(_free("commitment", taken), "commitment", name, clause, ("applicant", "filled_on"))
    if _FORM.search(name):
        return _Paper(_free("application_form", taken), "application form", name, clause, _form_fields(notice))
    return None


def _free(kind: str, taken: set[str]) -> str:
    return next(name for n in range(1, 100) if (name := kind if n == 1 else f"{kind}_{n}") not in taken)


def _form_fields(notice: Notice) -> tuple[str, ...]:
    left_out = {
        name for name, there in (("requested_amount", notice.caps), ("period_end", notice.periods)) if not there
    }
    return tuple(name for name in _FIELDS if name not in left_out)


def _forms(writer: _Writer, notice: Notice, papers: Sequence[_Paper]) -> None:
    writer.line()
    writer.line("# ---- 材料：标题、栏目名称的各种写法")
    writer.line("forms:")
    for paper in papers:
        _form(writer, paper)
    sent = {paper.name for paper in papers}
    for attachment in notice.attachments:
        if attachment.name in sent:
            continue
        if _NOT_SENT.search(attachment.name):
            writer.line(f"  # 未列为申报材料：附件{attachment.number or ''} {_one_line(attachment.name)}")
        else:
            name = f"附件{attachment.number or ''}《{attachment.name}》"
            writer.todo(
                2, f"{name}是否须提交？须提交的，照样增加一份材料", f"is {attachment.name} to be sent? then add it here"
            )


def _form(writer: _Writer, paper: _Paper) -> None:
    writer.line(f"  - kind: {paper.kind}")
    if paper.name:
        writer.line(f"    zh: {_quoted(paper.name)}")
    else:
        writer.open(4, "zh", "申报材料的名称（通知未列出申报表）", "what the form is called; the notice lists none")
    writer.line(f"    en: {paper.en}")
    if paper.name:
        writer.line(f"    titles: [{', '.join(_quoted(title) for title in _titles(paper.name))}]")
    else:
        writer.open(4, "titles", "表格的标题，如 [项目申报书]", "the form's titles, e.g. [项目申报书]")
    if "sender" in paper.fields:
        writer.line("    fields:")
        for id, (zh, kind, finder) in _LETTER_FIELDS.items():
            writer.line(f"      - {{id: {id}, zh: {zh}, type: {kind}, finders: [{finder}]}}")
        return
    writer.todo(
        4,
        f"对照《{paper.name or '表格'}》核对栏目：增删栏目，写全栏目名称",
        "compare the fields and labels with the form itself",
    )
    writer.line("    fields:")
    for id in paper.fields:
        kind, labels = _FIELDS[id]
        finders = f", finders: [{_FINDERS[id]}]" if id in _FINDERS else ""
        writer.line(f"      - {{id: {id}, type: {kind}, labels: [{labels}]{finders}}}")


def _titles(name: str) -> tuple[str, ...]:
    """The attachment's name, and what is left of it without a bracketed note."""
    return tuple(dict.fromkeys((plain_name(name), name)))


# ------------------------------------------------------------------------------------------------- rules


def _rules(writer: _Writer, notice: Notice, papers: Sequence[_Paper]) -> None:
    writer.line()
    writer.line("# ---- 规则：error 退回申报单位，warning 由人工复核，info 仅提示；quote 是通知原文")
    writer.line("rules:")
    for paper in papers:
        _presence(writer, paper)
    form = next(paper for paper in papers if paper.kind.startswith("application_form"))
    needed = [f"{form.kind}.{id}" for id in form.fields if id not in ("period_end", "filled_on", "contact_email")]
    _rule(
        writer, "missing-field", "fields_present", f"{{fields: [{', '.join(needed)}]}}", "error", form.clause,
        ("必填项完整", "Required fields are filled in"), ("请补填所列栏目。", "Fill in the fields named here."),
    )  # fmt: skip
    if notice.caps:
        _cap(writer, form, notice.caps)
    _deadline_rule(writer, notice)
    _period(writer, form, notice)
    _letter_date(writer, papers, notice)
    _seal(writer, papers, notice)
    _constants(writer)
    _conditions(writer, notice)
    for clause in notice.quotas[:5]:
        quote = f"{clause.section} “{clause.quote}”"
        zh = f"名额限制（{quote}）涉及多份申报：在 across 中写规则，如 province_quota、one_application_each"
        writer.todo(2, zh, f"a quota across submissions, for a rule under `across`: {quote}")


def _conditions(writer: _Writer, notice: Notice) -> None:
    """What is asked for and no rule above quotes: nobody checks it yet."""
    said = "\n".join(writer.lines)
    quotas = {clause.quote for clause in notice.quotas}
    left = [each for each in notice.conditions if each.quote not in quotas and _escape(each.quote) not in said]
    for clause in left[:_CONDITIONS]:
        quote = f"{clause.section} “{clause.quote}”"
        writer.todo(2, f"{quote} 还没有规则：写一条，或留给人工审核", f"no rule yet, or for a person to look: {quote}")


def _presence(writer: _Writer, paper: _Paper) -> None:
    name = f"《{paper.name}》" if paper.name else "申报材料"
    _rule(
        writer, f"missing-{paper.kind.replace('_', '-')}", "document_present", f"{{document: {paper.kind}}}", "error",
        paper.clause, (f"须提交{name}", f"The {paper.en} is required"),
        (f"请按通知要求填写{name}后重新提交。", f"Submit the {paper.en}."),
    )  # fmt: skip
    if paper.clause == _PRACTICE:
        writer.todo(
            4,
            f"通知正文未写明须提交{name}：请核对并引用原文",
            f"the text does not ask for the {paper.en}: look, and quote it",
        )


def _cap(writer: _Writer, form: _Paper, caps: Sequence[Amount]) -> None:
    first, *others = caps
    amount, digits = yuan(first.yuan), plain(first.yuan)
    if others:
        listed = "、".join(f"{yuan(each.yuan)}（{each.clause.section} “{each.clause.quote}”）" for each in others[:5])
        writer.todo(2, f"通知中还有其他金额：{listed}，请核对上限", "there are other amounts, too: compare the limit")
    _rule(
        writer, "amount-over-limit", "at_most", f"{{field: {form.kind}.requested_amount, limit: {digits}}}", "error",
        first.clause, (f"申请金额不超过{amount}", f"At most {digits} yuan are applied for"),
        (f"请将申请金额调整到{amount}（含）以内。", f"Apply for at most {digits} yuan."),
    )  # fmt: skip


def _deadline_rule(writer: _Writer, notice: Notice) -> None:
    clause = notice.deadlines[0].clause if notice.deadlines else _PRACTICE
    _rule(
        writer, "late", "received_by", "{}", "error", clause, ("在截止时间前收到", "Received by the deadline"),
        ("申报已截止，如有特殊情况请与主办单位联系。", "The call is closed."),
    )  # fmt: skip


def _period(writer: _Writer, form: _Paper, notice: Notice) -> None:
    for day, clause in notice.periods[:1]:
        writer.todo(2, f"请核对项目最迟完成时间 {day}", f"compare the last day of the project, {day}")
        _rule(
            writer, "period-out-of-range", "date_within",
            f"{{field: {form.kind}.period_end, latest: {day}}}", "warning", clause,
            (f"项目在{day}前完成", f"The project ends by {day}"),
            (f"请将实施周期的结束时间调整到{day}以前。", f"Let the project end by {day}."),
        )  # fmt: skip


def _letter_date(writer: _Writer, papers: Sequence[_Paper], notice: Notice) -> None:
    letter = next((paper for paper in papers if "sender" in paper.fields), None)
    if letter is None or notice.issued_on is None or not notice.deadlines:
        return
    first, last = notice.issued_on, notice.deadlines[0].moment.date()
    if first > last:
        return
    _rule(
        writer, "date-out-of-range", "date_within",
        f"{{field: {letter.kind}.issued_on, earliest: {first}, latest: {last}}}", "warning", _PRACTICE,
        ("函件日期在通知发布之后、截止之前", "The letter is dated between notice and deadline"),
        (f"请核对函件日期，应在{first}至{last}之间。", f"Check the letter's date; it lies between {first} and {last}."),
    )  # fmt: skip


def _seal(writer: _Writer, papers: Sequence[_Paper], notice: Notice) -> None:
    """A seal on the paper that the clause names; else on the letter, else on the form."""
    letter = next((paper for paper in papers if "sender" in paper.fields), None)
    if not notice.seals and letter is None:
        return
    clause = notice.seals[0] if notice.seals else _PRACTICE
    named = next((paper for paper in papers if paper.name and paper.name in clause.quote), None)
    paper = named or letter or papers[0]
    owner = next(
        f"{each.kind}.{id}" for each in (paper, *papers) for id in ("sender", "applicant") if id in each.fields
    )
    writer.todo(
        2,
        "请核对须盖章的材料，以及盖谁的章（检查 seal_names）",
        "which papers bear a seal, and whose (check seal_names)?",
    )
    seals = f"{{seals: [{{document: {paper.kind}, of: [{owner}]}}]}}"
    _rule(
        writer, "missing-seal", "seal_present", seals, "error", clause,
        (f"《{paper.name or '申报材料'}》已盖章", f"The {paper.en} bears a seal"),
        ("请加盖单位公章，彩色扫描或拍照后重新提交。", "Stamp it, scan or photograph it in colour, and resubmit."),
    )  # fmt: skip


def _constants(writer: _Writer) -> None:
    """What every call wants to know of its files."""
    _rule(
        writer, "unreadable-attachment", "files_readable", "{}", "warning", _PRACTICE,
        ("附件可以完整读取", "Every attachment can be read"),
        ("请取消密码、检查文件能否正常打开，另存为 .docx 或 PDF 后重新提交。", "Check that the file opens; resubmit."),
    )  # fmt: skip
    _rule(
        writer, "macros-present", "no_macros", "{}", "warning", _PRACTICE,
        ("附件不含宏", "Attachments carry no macros"),
        ("请将文件另存为不含宏的 .docx 后重新提交。", "Save the file as .docx without macros and resubmit."),
    )  # fmt: skip


def _rule(
    writer: _Writer, id: str, check: str, params: str, severity: str, clause: Clause, title: tuple[str, str],
    suggestion: tuple[str, str],
) -> None:  # fmt: skip
    writer.line(f"  - id: {id}")
    writer.line(f"    check: {check}")
    writer.line(f"    params: {params}")
    writer.line(f"    severity: {severity}")
    writer.line(f"    clause: {{section: {_quoted(clause.section)}, quote: {_quoted(clause.quote)}}}")
    writer.line(f"    title: {{zh: {_quoted(title[0])}, en: {_quoted(title[1])}}}")
    writer.line(f"    suggestion: {{zh: {_quoted(suggestion[0])}, en: {_quoted(suggestion[1])}}}")


# --------------------------------------------------------------------------------------------------- text


def _quoted(text: str) -> str:
    """A text as a YAML scalar: double quotes with escapes, whatever it holds."""
    return f'"{_escape(text)}"'


def _escape(text: str) -> str:
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    return f"\\U{ord(character):08x}"


def _one_line(text: str) -> str:
    """For a comment: nothing that ends it."""
    return "".join(character if character.isprintable() else " " for character in text)[:300]
