"""Third files: what applicants attach besides form and letter, some of it broken on purpose."""

from __future__ import annotations

from datetime import datetime
from random import Random

from clients.simulator import pdf, word
from clients.simulator.flow import Flow, Table
from clients.simulator.truth import WrittenFile

OTHER_PAPERS = ("plan", "roster", "budget", "other-call")
_MOMENT = datetime(2021, 8, 26, 15, 10)


def write_attachment(rng: Random, kind: str, damage: str) -> WrittenFile:
    """kind: one of OTHER_PAPERS, "link" or "broken". Raises ValueError for another."""
    match kind:
        case "broken":
            return _broken(rng, damage)
        case "link":
            return _link(rng)
        case "plan":
            return _paper(rng, ("活动实施方案.docx", "附件：实施方案.docx"), _plan())
        case "roster":
            return _paper(rng, ("科技志愿服务队名单.docx", "专家名单.docx"), _roster(rng))
        case "budget":
            return _paper(rng, ("经费预算说明.docx", "预算编制说明.docx"), _budget_note(rng))
        case "other-call":
            return _paper(rng, ("学会能力提升专项申请材料.docx", "科普讲座报名表.docx"), _other_call(rng))
        case _:
            raise ValueError(f"unknown attachment: {kind}")


def _paper(rng: Random, names: tuple[str, ...], flow: Flow) -> WrittenFile:
    return WrittenFile(rng.choice(names), word.save(flow, "admin", _MOMENT), "other", "docx")


def _plan() -> Flow:
    flow = Flow("宋体", 12)
    flow.add("科技志愿服务活动实施方案", align="centre", size=18, bold=True)
    for text in (
        "一、总体安排",
        "组织专家分批深入乡镇开展服务，每批服务时间不少于两天。",
        "二、工作要求",
        "遵守疫情防控规定，注意安全，厉行节约，及时报送信息和图片。",
    ):
        flow.add(text)
    return flow


def _roster(rng: Random) -> Flow:
    flow = Flow("宋体", 12)
    flow.add("科技志愿服务队专家名单", align="centre", size=18, bold=True)
    for number, field in enumerate(
        rng.sample(("栽培", "植保", "土肥", "医疗", "护理", "信息", "水利", "养殖"), 5), start=1
    ):
        flow.add(f"{number}. {field}专家")
    return flow


def _budget_note(rng: Random) -> Flow:
    flow = Flow("宋体", 12)
    flow.add("关于项目经费预算编制情况的说明", align="centre", size=18, bold=True)
    flow.add("本项目经费严格按照财务制度编制，专款专用，单独核算。")
    flow.add(f"专家劳务按每人每天{rng.choice((300, 500, 800))}元测算，交通费按实际里程测算，资料费按市场价测算。")
    return flow


def _other_call(rng: Random) -> Flow:
    """A form that answers another call."""
    flow = Flow("仿宋", 12)
    flow.add("科普讲座预约登记表", align="centre", size=18, bold=True)
    table = Table([40, 118], 9)
    rows = (
        ("讲座题目", rng.choice(("食品安全与健康", "身边的气象", "走近人工智能"))),
        ("预约学校", rng.choice(("第一中学", "实验小学", "职业技术学校"))),
        ("听众人数", str(rng.randint(50, 300))),
        ("场地要求", "有投影设备的教室"),
    )
    for row, (label, text) in enumerate(rows):
        table.put(row, 0, label, centred=True)
        table.put(row, 1, text)
    flow.blocks.append(table)
    return flow


def _link(rng: Random) -> WrittenFile:
    """A mail's text that offers a file for download instead of attaching it."""
    key = "".join(rng.choice("0123456789abcdef") for _ in range(32))
    text = rng.choice(
        (
            f"各位老师好，活动照片等材料较大，请下载：\r\nhttps://mail.163.com/large-attachment-download/index.html?p=X-NETEASE-HUGE-ATTACHMENT&file={key}\r\n"
            "文件：补充材料.zip（大小：186.3M，到期时间：2021年9月18日）\r\n",
            f"从QQ邮箱发来的超大附件\r\n补充材料.rar (238.50M, 2021年9月25日 15:20 到期)\r\n"
            f"进入下载页面：http://mail.qq.com/cgi-bin/ftnExs_download?k={key}&t=exs_ftn_download&code={key[:8]}\r\n",
            f"从腾讯企业邮箱发来的超大附件\r\n申报补充材料.zip (152.10M, 2021年9月30日 10:02 到期)\r\n"
            f"https://exmail.qq.com/cgi-bin/ftnExs_download?k={key}&t=exs_ftn_download\r\n",
            f"网易邮箱超大附件\r\n志愿服务视频.mp4  下载：https://dashi.163.com/html/cloud-attachment-download/?key={key}\r\n",
        )
    )
    return WrittenFile(rng.choice(("正文.txt", "邮件正文.txt")), text.encode("utf-8"), "other", "text")


def _broken(rng: Random, damage: str) -> WrittenFile:
    """A file that nobody can read."""
    match damage:
        case "empty":
            name = rng.choice(("补充材料.pdf", "补充材料.docx", "IMG_0021.jpg"))
            return WrittenFile(name, b"", "other", "none", damage="empty")
        case "truncated-docx":
            data = word.save(_plan(), "admin", _MOMENT)
            return WrittenFile("活动实施方案.docx", data[: len(data) // 3], "other", "docx", damage="truncated")
        case "encrypted-pdf":
            return WrittenFile("法人登记证书.pdf", _encrypted_pdf(rng), "other", "scan-pdf", damage="encrypted")
        case "noise":
            return WrittenFile("专家简介.docx", rng.randbytes(9_000), "other", "none", damage="noise")
        case _:
            raise ValueError(f"unknown damage: {damage}")


def _encrypted_pdf(rng: Random) -> bytes:
    """A PDF that asks for a password which nobody has (standard security handler, 128 bits)."""
    blank = pdf.ScannedPage(rng.randbytes(4_000), 800, 1100, 100)
    keys = f"/O <{rng.randbytes(32).hex()}> /U <{rng.randbytes(32).hex()}>"
    return pdf.write([blank], "WPS PDF", encryption=f"/Filter /Standard /V 2 /R 3 /Length 128 /P -1852 {keys}".encode())
