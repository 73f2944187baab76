from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tariffs.errors import Problem, RecordError
from tariffs.reading.tree import MAX_BYTES, Mapping, Node, Reader, Sequence, Text, parse, read_text

if TYPE_CHECKING:
    from pathlib import Path


def tree(text: str) -> Mapping:
    reader = Reader("a.yaml")
    root = parse(text, reader)
    assert root is not None
    assert reader.problems == []
    return root


def problems(text: str) -> list[Problem]:
    reader = Reader("a.yaml")
    parse(text, reader)
    return reader.problems


def bare(node: Node) -> object:
    if isinstance(node, Mapping):
        return {name: bare(item) for name, item in node.items.items()}
    if isinstance(node, Sequence):
        return [bare(item) for item in node.items]
    assert isinstance(node, Text)
    return node.value


# Each of these is something else to a YAML reader that guesses: a boolean, an octal or a float, minutes, a date, nothing.
@pytest.mark.parametrize(
    "scalar", ["NO", "yes", "0101.21", "010", "1e3", "12:01", "2025-04-09", "2025-04-02T16:00-04:00", "~", "null"]
)
def test_a_scalar_stays_the_text_it_is(scalar: str) -> None:
    assert bare(tree(f"a: {scalar}\n")) == {"a": scalar}


@pytest.mark.parametrize(
    "written", ["US on China", '"US on China"', "'US on China'", ">-\n  US\n  on China", "|-\n  US on China"]
)
def test_every_way_to_write_a_text_gives_the_same_text(written: str) -> None:
    assert bare(tree(f"a: {written}\n")) == {"a": "US on China"}


def test_a_field_without_a_value_is_an_empty_text() -> None:
    assert bare(tree("a:\nb: {c: }\n")) == {"a": "", "b": {"c": ""}}


def test_block_and_flow_style_give_the_same_tree() -> None:
    block = "events:\n- rate: 34%\n  sources:\n  - title: a\n  - title: b\n"
    flow = "{events: [{rate: 34%, sources: [{title: a}, {title: b}]}]}"
    assert bare(tree(block)) == bare(tree(flow)) == {"events": [{"rate": "34%", "sources": [{"title": "a"}, {"title": "b"}]}]}


def test_every_node_keeps_the_line_it_starts_on() -> None:
    root = tree("# a comment\ntitle: a\n\nevents:\n- rate: 34%\n  act: b\n")
    assert root.line == 2
    assert root.items["title"].line == 2
    events = root.items["events"]
    assert isinstance(events, Sequence)
    (event,) = events.items
    assert isinstance(event, Mapping)
    assert event.line == 5
    assert event.items["act"].line == 6


def test_lines_end_as_on_any_machine() -> None:
    for ending in ("\n", "\r\n", "\r"):
        assert tree(ending.join(["a: b", "c: d", "e: f", ""])).items["e"].line == 3


def test_eight_levels_are_read_and_nine_are_not() -> None:
    # The fields at the top are the first level.
    assert tree(f"a: {'[' * 7}x{']' * 7}\n")
    (problem,) = problems(f"a: b\nc: {'[' * 8}x{']' * 8}\n")
    assert str(problem) == "a.yaml:2: nested more than 8 deep"


def test_fields_count_as_levels_like_lists() -> None:
    inner = "x"
    for _ in range(8):
        inner = f"{{a: {inner}}}"
    assert tree(inner)
    assert [problem.message for problem in problems(f"{{a: {inner}}}")] == ["nested more than 8 deep"]


def test_lists_side_by_side_are_not_deep() -> None:
    assert len(tree("\n".join(f"a{number}: [[x]]" for number in range(50))).items) == 50


def test_a_name_that_stands_twice_is_refused_with_both_lines() -> None:
    (problem,) = problems("rate: 10%\nact: a\nrate: 20%\n")
    assert str(problem) == "a.yaml:3: rate: stands twice; first on line 1"


def test_all_names_that_stand_twice_are_reported_together() -> None:
    found = problems("a: 1\na: 2\nb: {c: 1, d: 2, c: 3}\na: 3\n")
    assert [(problem.line, problem.field) for problem in found] == [(2, "a"), (3, "c"), (4, "a")]


def test_the_same_name_in_two_blocks_is_no_repetition() -> None:
    assert bare(tree("- a\n".join(["x:\n", "y:\n", ""]))) == {"x": ["a"], "y": ["a"]}
    assert bare(tree("x: {a: 1}\ny: {a: 2}\na: 3\n")) == {"x": {"a": "1"}, "y": {"a": "2"}, "a": "3"}


def test_names_that_differ_in_case_are_two_names() -> None:
    assert bare(tree("rate: 1\nRate: 2\n")) == {"rate": "1", "Rate": "2"}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: b\nc: &x d\n", 2, "anchors and aliases"),
        ("a: &x [b]\n", 1, "anchors and aliases"),
        ("a: &x {b: c}\n", 1, "anchors and aliases"),
        ("&x a: b\n", 1, "anchors and aliases"),
        ("a: b\nc: *x\n", 2, "anchors and aliases"),
        ("a: b\n<<: *x\n", 2, "anchors and aliases"),
        ("a: !!int 25\n", 1, "the tag tag:yaml.org,2002:int is not read"),
        ("a: !rate 25\n", 1, "the tag !rate is not read"),
        ("!!map\na: b\n", 1, "the tag tag:yaml.org,2002:map is not read"),
        ("a: !!seq [b]\n", 1, "the tag tag:yaml.org,2002:seq is not read"),
        ("a: b\n---\nc: d\n", 2, "a second document"),
        ("a: b\n...\n---\nc: d\n", 3, "a second document"),
        ("- a\n- b\n", 1, "expected fields and values"),
        ("\njust words\n", 2, "expected fields and values"),
        ("? [a]\n: b\n", 1, "a field's name must be plain text"),
        ("? {a: b}\n: c\n", 1, "a field's name must be plain text"),
        ("a: [b\n", 2, "not YAML"),
        ("a: b\n c: d\n", 2, "not YAML"),
        ("a: 'b\n", 2, "not YAML"),
        ("a: b: c\n", 1, "not YAML"),
        ("a: @b\n", 1, "not YAML"),
        ("a:\n\tb: c\n", 2, "not YAML"),
        ("%YAML 3.0\n---\na: b\n", 1, "not YAML"),
    ],
)
def test_what_is_not_one_plain_document_is_refused(text: str, line: int, says: str) -> None:
    (problem,) = problems(text)
    assert (problem.file, problem.line) == ("a.yaml", line)
    assert says in problem.message


def test_a_lone_marker_of_a_document_is_no_second_one() -> None:
    assert bare(tree("---\na: b\n...\n")) == {"a": "b"}


def test_a_character_that_cannot_be_printed_is_refused_with_its_line() -> None:
    # The program gives no line (0), though the position is in the parser's error.
    (problem,) = problems("a: b\nc: d\x00e\n")
    assert "control characters are not allowed" in problem.message
    assert problem.line == 2


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="ab \n\t:-?,[]{}&*!|>'\"%@`#~\\", max_size=60))
@example("")
@example("a: [b, {c: ")
@example("? a\n? b")
def test_any_text_is_read_or_refused_and_never_crashes(text: str) -> None:
    reader = Reader("a.yaml")
    root = parse(text, reader)
    assert (root is None) <= bool(reader.problems)
    assert all(problem.message and problem.file == "a.yaml" for problem in reader.problems)


# Quoted as JSON quotes, which YAML reads too; without characters that YAML does not allow in a file.
PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xD7FF, exclude_categories=("Cc", "Cs")), max_size=20)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(PRINTABLE, st.one_of(PRINTABLE, st.lists(PRINTABLE, max_size=3)), max_size=4))
def test_quoted_texts_and_names_come_back_as_they_were(document: dict[str, object]) -> None:
    assert bare(tree(json.dumps(document))) == document


def test_a_file_is_read_without_its_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbftitle: caf\xc3\xa9\n")
    assert read_text(path, "a.yaml") == "title: café\n"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "shown.yaml: the file is empty"),
        (b" \n\t\r\n", "shown.yaml: the file is empty"),
        (b"\xef\xbb\xbf", "shown.yaml: the file is empty"),
        (b"a: b\nc: \xe9\n", "shown.yaml:2: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        ("a: b\n".encode("utf-16"), "shown.yaml: is UTF-16; save the file as UTF-8"),
        (b"#" * (MAX_BYTES + 1), "shown.yaml: larger than 1,000,000 bytes; expected one duty or one list of events"),
    ],
    ids=["empty", "blank", "only-a-mark", "latin-1", "utf-16", "huge"],
)
def test_a_file_that_holds_no_text_is_refused_under_the_name_it_is_shown_by(raw: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)
    with pytest.raises(RecordError) as caught:
        read_text(path, "shown.yaml")
    assert str(caught.value) == says


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"^shown: cannot be read: Is a directory$"):
        read_text(tmp_path, "shown")


def test_unknown_fields_are_refused_each_with_the_nearest_name() -> None:
    reader = Reader("a.yaml")
    reader.unknown_fields(tree("tittle: a\nrate: b\nzzz: c\n"), ["title", "rate"])
    assert [str(problem) for problem in reader.problems] == [
        "a.yaml:1: tittle: unknown field; did you mean 'title'?",
        "a.yaml:3: zzz: unknown field; one of: rate, title",
    ]
