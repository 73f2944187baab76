"""A chart as one HTML file: what is in it without a browser; `tests/extra/test_browser.py` opens it in one."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
import vl_convert
from matplotlib.figure import Figure

import tariffs as tf
from tariffs.charts import alt_text, save
from tariffs.charts.kinds import draw
from tariffs.charts.webpage import _bundle
from tariffs.errors import UsageError
from tariffs.export.text import csv_bytes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_BYTES = 1_200_000
NASTY = "</script><img src=x onerror=alert(1)> & \"quotes\" 'too'"


class Parts(HTMLParser):
    """The elements of a page with their attributes, and the texts of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)

    def of(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., Parts]:
    def made(*directions: str, **asked: Any) -> Parts:
        path = save(tf.plot(directions or None, **asked), tmp_path / "chart.html")
        assert path.stat().st_size < MOST_BYTES
        return Parts(path.read_text(encoding="utf-8"))

    return made


def specification(parts: Parts) -> dict[str, Any]:
    (found,) = [text for text in parts.texts["script"] if text.startswith('{"description"')]
    spec: dict[str, Any] = json.loads(found)
    return spec


def test_vega_lite_takes_the_specification(page: Callable[..., Parts]) -> None:
    vega = vl_convert.vegalite_to_vega(specification(page()))
    assert vega["axes"]
    assert [signal["bind"]["input"] for signal in vega["signals"] if "bind" in signal] == ["checkbox", "checkbox"]


def test_the_page_fetches_nothing_and_its_policy_allows_nothing_else(page: Callable[..., Parts]) -> None:
    parts = page()
    fetched = [
        value for _, attrs in parts.elements for name, value in attrs.items() if name in ("src", "srcset", "data", "action")
    ]
    assert all(value.startswith("data:") for value in fetched)
    assert parts.of("link") == parts.of("iframe") == parts.of("object") == []
    assert not re.search(r"url\(|@import", "".join(parts.texts["style"]))
    (policy,) = [meta["content"] for meta in parts.of("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    scripts = [text for text in parts.texts["script"] if not text.startswith("{")]
    for rule, texts in (("script-src", scripts), ("style-src", parts.texts["style"])):
        digest = hashlib.sha256("".join(texts).encode()).digest()
        assert rules[rule] == f"'sha256-{base64.b64encode(digest).decode()}'"


def test_no_element_has_a_style_or_a_handler_that_the_policy_would_refuse(page: Callable[..., Parts]) -> None:
    for _, attrs in page().elements:
        assert not [name for name in attrs if name == "style" or name.startswith("on")]


def test_without_scripts_the_picture_and_the_table_remain(page: Callable[..., Parts]) -> None:
    parts = page()
    (picture,) = parts.of("img")
    assert picture["alt"] == alt_text(tf.plot())
    svg = base64.b64decode(picture["src"].split("base64,")[1]).decode()
    assert svg.lstrip().startswith("<?xml")
    cells = "".join(parts.texts["td"])
    assert "10 April 2025" in cells
    assert "145%" in cells
    links = {attrs["href"] for attrs in parts.of("a")}
    assert "https://www.federalregister.gov/citation/90-FR-15625" in links  # EO 14266


def test_the_page_names_its_grounds_and_what_is_ahead(page: Callable[..., Parts]) -> None:
    parts = page()
    text = " ".join(parts.texts["p"])
    assert "Pale ground: truce from 14 May 2025." in text
    assert "Grey ground: not verified after 9 Oct 2026." in text
    assert "34% (unless extended again)" in parts.texts["td"]


def test_the_csv_that_is_offered_is_the_table_with_its_acts(page: Callable[..., Parts]) -> None:
    parts = page("us_on_cn", start="2025-04-01", end="2025-05-20")
    (link,) = [attrs for attrs in parts.of("a") if "download" in attrs]
    assert link["download"] == "chart.csv"
    table = tf.table("us_on_cn", start="2025-04-01", end="2025-05-20")
    assert base64.b64decode(link["href"].split("base64,")[1]) == csv_bytes(table.drop(columns="sources"))


def test_hovering_over_a_day_finds_level_and_duties_with_their_acts(page: Callable[..., Parts]) -> None:
    spec = specification(page())
    (bands,) = [layer for layer in spec["layer"] if any(param.get("name") == "at" for param in layer.get("params", []))]
    rows = {row["day"]: row for row in bands["data"]["values"]}
    # EO 14266 of 9 April 2025, beside the fentanyl duty of EO 14228; China's 84 held to the 11th.
    assert rows["2025-04-10"]["days"] == "10 April 2025 to 11 April 2025"
    assert rows["2025-04-10"]["line0"] == (
        "145% = 20% IEEPA fentanyl duty on China and Hong Kong (EO 14228)"
        " + 125% IEEPA reciprocal duty on China, Hong Kong and Macau (EO 14266)"
    )
    assert rows["2025-04-10"]["line1"].startswith("84% = 84% Chinese all-goods duty")
    days = list(rows)
    assert [rows[day]["until"] for day in days[:-1]] == days[1:]


def test_a_dot_leads_to_the_act_behind_a_change(page: Callable[..., Parts]) -> None:
    spec = specification(page("us_on_cn"))
    (dots,) = [layer for layer in spec["layer"] if "href" in layer["encoding"]]
    rows = {row["day"]: row for row in dots["data"]["values"]}
    assert rows["2025-04-10"]["link"] == "https://www.federalregister.gov/citation/90-FR-15625"
    assert rows["2025-04-10"]["act"].endswith("(EO 14266)")


@pytest.mark.parametrize(
    "asked",
    [
        {"measure": "average", "weights": "piie-implied"},
        {"directions": "us_on_cn", "measure": "stack", "good": ["list-3", "smartphone"]},
        {"directions": "us_on_cn", "since": "2025-01-20"},
        {"as_of": "2025-04-07", "known": "stated"},
        {"directions": "us_on_cn", "basis": "refundable"},
        {"catalog": "no-geneva"},
    ],
    ids=str,
)
def test_every_number_makes_a_page_that_vega_lite_takes(asked: dict[str, Any], page: Callable[..., Parts]) -> None:
    if "catalog" in asked:
        asked = asked | {"catalog": tf.load(asked["catalog"], on_top=True)}
    names = [asked.pop("directions")] if "directions" in asked else []
    spec = specification(page(*names, **asked))
    assert vl_convert.vegalite_to_vega(spec)["marks"]


def test_what_a_scenario_departs_from_is_grey_on_the_page_too(page: Callable[..., Parts]) -> None:
    spec = specification(page("us_on_cn", catalog=tf.load("no-geneva", on_top=True)))
    (grey,) = [layer for layer in spec["layer"] if "span" in layer["data"]["values"][0]]
    assert [(row["day"], row["level"]) for row in grey["data"]["values"]] == [
        ("2025-05-14", 30),
        ("2025-11-10", 20),
        ("2026-02-24", 20),
    ]


def test_texts_of_the_record_are_only_text(tmp_path: Path, page: Callable[..., Parts]) -> None:
    text = f"""\
title: 'A duty {NASTY.replace("'", "''")}'
importer: US
origin: CN
authority: S301
family: other
scope: all_goods
covers: some goods
events:
- effective: 2025-03-01
  stated: 2025-02-01
  enacted: 2025-02-01
  rate: 25%
  act: 'An act {NASTY.replace("'", "''")}'
  grade: C
  sources:
  - {{title: 'A source {NASTY.replace("'", "''")}', url: "https://example.org/</script><img"}}
"""
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    parts = page("us_on_cn", catalog=tf.load(tmp_path / "mine.yaml", on_top=True), title=f"Title {NASTY}", note=NASTY)
    assert len(parts.of("img")) == 1
    assert len(parts.of("script")) == 2
    assert any(NASTY in text for text in parts.texts["h1"])
    assert any(NASTY in row.get("line0", "") for layer in specification(parts)["layer"] for row in layer["data"]["values"])


def test_the_same_chart_gives_the_same_page(tmp_path: Path) -> None:
    one, other = (save(tf.plot("us_on_cn"), tmp_path / f"{name}.html").read_bytes() for name in ("one", "two"))
    assert one.replace(b"one.csv", b"two.csv") == other


def test_a_chart_of_another_kind_or_in_axes_of_one_s_own_has_no_page(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"x\.html: a web page is made of charts of rates \(--kind rates\); write this one as"):
        save(draw("parts", ["us_on_cn"], start="2025-01-01"), tmp_path / "x.html")
    with pytest.raises(UsageError, match=r"x\.html: a web page is made of charts of ours; write this figure as \.svg"):
        save(tf.plot("us_on_cn", ax=Figure().subplots()), tmp_path / "x.html")
    assert not (tmp_path / "x.html").exists()


def test_a_missing_library_is_named_with_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _bundle.cache_clear()
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(UsageError, match=r"a web page needs vl-convert-python: pip install 'tariffs\[html\]'"):
        save(tf.plot("us_on_cn"), tmp_path / "x.html")
