from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.document import Line
from extractors.values.dates import find_dates
from services.validation.check import Observation, Params, check
from services.validation.model import Evidence, File, Outcome, Submission, Text
from services.validation.pages import GATHERING

LINKS = (
    "mail.163.com/large-attachment-download",
    "dashi.163.com/html/cloud-attachment-download",
    "wx.mail.qq.com/ftn/download",
    "mail.qq.com/cgi-bin/ftnexs_download",
    "pan.baidu.com/s/",
    "pan.quark.cn/s/",
    "aliyundrive.com/s/",
    "alipan.com/s/",
    "cloud.189.cn/",
    "caiyun.139.com/",
    "yun.139.com/",
    "share.weiyun.com/",
    "lanzou",
    "cowtransfer.com/",
    "wetransfer.com/",
    "kdocs.cn/l/",
    "docs.qq.com/",
)

_NOTE = 600  # characters of a mail's text that does no more than hold a link


class NoLinkedFiles(Params):
    """No file or mail holds a link to a file (超大附件, 云附件, a cloud disk) instead of the file.

    Links are not followed.

    links: parts of addresses that count, beside the words with which mailboxes announce such attachments.
    """

    links: tuple[str, ...] = LINKS


# 从腾讯企业邮箱发来的超大附件; 云附件（2021年9月17日到期）; 提取码: abcd
_ANNOUNCED = re.compile(
    r"从.{0,14}邮箱?.{0,4}发来的(?:超大|云|大)附件|(?:超大|云)附件.{0,60}?(?:到期|过期|失效|有效期|下载|无限期)"
)
_EXPIRES = re.compile("到期|过期|失效|有效")
_NEAR = 3  # lines away, the day on which a link expires is looked for


@check("no_linked_files", NoLinkedFiles)
def no_linked_files(submission: Submission, params: NoLinkedFiles) -> Iterator[Observation]:
    papers = ((index, file) for index, file in enumerate(submission.files) if file.page_of is None)
    seen = [told for index, file in papers for told in _links(index, file, params)]
    yield from seen
    if seen:
        return
    unread = tuple(
        Evidence(index, text=file.name)
        for index, file in enumerate(submission.files)
        if file.page_of is None and _unread(file)
    )
    if unread:
        zh, en = (
            "有内容未能读取，未能确认其中没有超大附件链接。",
            "Part of the files was not read; a link may be there.",
        )
        yield Observation(Outcome.UNDETERMINED, Text(zh, en), unread)
        return
    yield Observation(Outcome.PASSED, Text("没有以链接代替附件。", "No link stands in for a file."))


def _unread(file: File) -> bool:
    """A part of it, that is, and not whose page it is."""
    defects = file.reading.document.defects if file.reading is not None else ()
    return file.reading is None or any(defect.blind and defect.code not in GATHERING for defect in defects)


def announces_link(file: File) -> bool:
    """The file is a mail that says where its attachments lie: 从…邮箱发来的超大附件, or a few words with an address."""
    lines = file.reading.document.iter_lines() if file.reading is not None else ()
    text = "".join("".join(line.text.split()).lower() for line in lines)
    return _ANNOUNCED.search(text) is not None or (len(text) <= _NOTE and any(link in text for link in LINKS))


def _links(index: int, file: File, params: NoLinkedFiles) -> Iterator[Observation]:
    """One observation for a file, at its first link."""
    lines = tuple(file.reading.document.iter_lines()) if file.reading is not None else ()
    texts = ["".join(line.text.split()).lower() for line in lines]
    wanted = tuple(link.lower() for link in params.links)
    whole = "".join(texts)
    if "附件" not in whole and not any(link in whole for link in wanted):
        return
    for at, text in enumerate(texts):
        # an address may go on in the next line
        near = text + (texts[at + 1] if at + 1 < len(texts) else "")
        announced = _ANNOUNCED.search(near)
        link = next((link for link in wanted if link in near), announced[0] if announced else "")
        if link:
            yield _told(index, file, lines[at], link, _expiry(texts, at))
            return


def _expiry(texts: Sequence[str], at: int) -> str:
    """The ISO date on which a link expires, "" where none is told."""
    for text in texts[max(0, at - _NEAR) : at + _NEAR + 1]:
        if _EXPIRES.search(text) and (dates := find_dates(text)):
            return dates[0].value
    return ""


def _told(index: int, file: File, line: Line, link: str, expiry: str) -> Observation:
    text = Text(
        f"“{file.name}”中是附件的下载链接（{link}），不是附件本身" + (f"，{expiry} 到期。" if expiry else "。"),
        f"“{file.name}” holds a link to a file ({link}), not the file"
        + (f"; it expires on {expiry}." if expiry else "."),
    )
    return Observation(Outcome.VIOLATED, text, (Evidence(index, line.place, text=line.text),), "附件本身", link)
