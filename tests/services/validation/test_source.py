"""YAML of strangers: only plain values come out, with their places, and nothing grows."""

from __future__ import annotations

import time
from datetime import date

import pytest

from services.validation.source import LARGEST, Mark, SourceError, parse, steps_of, written


def refused(text: str) -> SourceError:
    with pytest.raises(SourceError) as error:
        parse(text)
    assert error.value.message.zh
    assert error.value.message.en
    return error.value


def test_values_know_their_places() -> None:
    source = parse("甲:\n  - {乙: 1, 丙: [x, y]}\n丁: 2021-09-03\n")
    assert source.content == {"甲": [{"乙": 1, "丙": ["x", "y"]}], "丁": date(2021, 9, 3)}
    assert source.mark(("甲", 0, "丙")) == Mark(2, 12)
    assert source.mark(("甲", 0, "丙", 1)) == Mark(2, 19)
    assert source.mark(("甲", 0, "无")) == Mark(2, 5), "the nearest that is there"
    assert source.mark(("甲", 7)) == Mark(1, 1)


def test_a_byte_order_mark_moves_nothing() -> None:
    assert parse("\ufeffa: 1\nb: 2").mark(("b",)) == Mark(2, 1)


def test_keys_are_texts() -> None:
    assert parse("no: x\n1: y\n2021-09-03: z").content == {"no": "x", "1": "y", "2021-09-03": "z"}


def test_a_key_given_twice_is_a_fault_wherever_it_is() -> None:
    source = parse("a: {b: 1, b: 2}\na: 3\n? [c]\n: 4")
    assert source.content == {"a": {"b": 1}}
    assert [(mark, path) for mark, path, _ in source.faults] == [
        (Mark(1, 11), ("a",)),
        (Mark(2, 1), ()),
        (Mark(3, 3), ()),
    ]


@pytest.mark.parametrize("text", ["2021-02-30", "99:99:99", "0x", "2021-13-01T00:00:00+99:00", "9" * 100_000])
def test_what_looks_like_a_number_or_a_date_and_is_none_stays_a_text(text: str) -> None:
    assert parse(f"a: {text}").content == {"a": text}


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        ("", Mark(1, 1), "empty"),
        ("a: [b", Mark(2, 1), "expected"),
        ("x: 1\ny: *x", Mark(2, 4), "aliases"),
        ("x: &x 1", Mark(1, 4), "anchors"),
        ("a: !!python/object/apply:os.system [true]", Mark(1, 4), "tags"),
        ("a: !!str 1", Mark(1, 4), "tags"),
        ("a: !x 1", Mark(1, 4), "tags"),
        ("---\na\n---\nb", Mark(3, 1), "one document"),
        ("- 中文: \x07", Mark(1, 7), "U+0007"),
        ("'\ud800'", Mark(1, 2), "U+D800"),
        ("[" * 10_000, Mark(1, 33), "deeper"),
        ("- " * 10_000 + "x", Mark(1, 65), "deeper"),
        ("{a: " * 10_000, Mark(1, 129), "deeper"),
        ("x" * (LARGEST + 1), Mark(), "larger"),
    ],
)
def test_what_is_no_plain_file_is_refused_with_its_place(text: str, at: Mark, said: str) -> None:
    error = refused(text)
    assert (error.at, said in error.message.en) == (at, True)


@pytest.mark.parametrize(
    "text",
    ["[" + "a," * 500_000 + "]", "a:\n" * 300_000, "{" + "a: b," * 200_000 + "}", "- a\n" * 250_000],
    ids=["flow list", "keys", "flow mapping", "block list"],
)
def test_a_megabyte_of_values_is_refused_before_a_tree_is_built(text: str) -> None:
    begun = time.process_time()
    assert "too many" in refused(text).message.en
    assert time.process_time() - begun < 3


def test_a_million_laughs_is_not_told() -> None:
    lines = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    refused("\n".join(lines))


@pytest.mark.parametrize("path", [(), ("forms", 0, "fields", 3, "type"), ("title", "zh"), ("rules", 12)])
def test_a_path_is_written_and_read_back(path: tuple[int | str, ...]) -> None:
    assert steps_of(written(path)) == path
