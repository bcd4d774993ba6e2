"""E-mail addresses."""

import pytest

from extractors.values.emails import is_email, is_written, read_email


@pytest.mark.parametrize("raw", ["", "无", "a b@x", "@163.com", "http://cast.org.cn"])
def test_what_is_no_address_is_none(raw: str) -> None:
    assert read_email(raw) is None


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ("jicengfuwuchu@163.com", "jicengfuwuchu@163.com"),
        ("ａｂｃ＠１６３．ｃｏｍ", "abc@163.com"),
        ("zhang.san @ cast.org.cn", "zhang.san@cast.org.cn"),
        ("foo@163，com", "foo@163.com"),
        ("邮箱：x_y@QQ.com。", "x_y@qq.com"),
        ("a.b(at)csf.org.cn", "a.b@csf.org.cn"),
        ("abc@l63.com", "abc@163.com"),
        ("kepu@keji.example.0rg", "kepu@keji.example.org"),
        ("kepu@c0m.example.C0M", "kepu@c0m.example.com"),
        ("abc@lab.com", "abc@lab.com"),
        ("gexiaoyue@g\neosociety.org.\ncn", "gexiaoyue@geosociety.org.cn"),
        ("yanq×@dac.org.cn", "yanqx@dac.org.cn"),
        ("_\n_huangli@gxqx.cn__", "huangli@gxqx.cn"),
    ],
)
def test_every_notation_comes_to_one_form(raw: str, address: str) -> None:
    assert read_email(raw) == address


@pytest.mark.parametrize("address", ["jicengfuwuchu@163.com", "a.b-c_d@hn-lx.org.cn"])
def test_addresses_that_can_be_written_to(address: str) -> None:
    assert is_email(address)


NO_ADDRESSES = [
    "", "lifang#163.com", "a@b", "a@@b.cn", ".a@b.cn", "a..b@c.cn", "a@-b.cn", "李芳@", "a@b.cn，无", "a@b.cn c@d.cn",
    "a@163.con", "a" * 300 + "@b.cn",
]  # fmt: skip


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_addresses_that_cannot(address: str) -> None:
    assert not is_email(address)


@pytest.mark.parametrize(
    ("raw", "as_it_is"),
    [
        ("邮箱：ａ.b＠163．com", True),
        ("a.b @163.com", True),
        ("a.b(at)163.com", True),
        ("A.b@163.COM", True),
        ("a.b#163.com", False),
        ("a.b@163，com", False),
        ("a.b@l63.com", False),
    ],
)
def test_what_had_to_be_repaired_was_not_written(raw: str, as_it_is: bool) -> None:
    assert read_email(raw) == "a.b@163.com" or raw.startswith("A")
    assert is_written(read_email(raw) or "", raw) is as_it_is
