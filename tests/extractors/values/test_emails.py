"""E-mail addresses."""

import pytest

from extractors.values.emails import read_email


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
    ],
)
def test_every_notation_comes_to_one_form(raw: str, address: str) -> None:
    assert read_email(raw) == address
