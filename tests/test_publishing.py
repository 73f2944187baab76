"""The page of the whole record: what is in it, and that it needs nothing from elsewhere."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

import tariffs as tf
from tariffs.cli import main
from tariffs.errors import OutputError
from tariffs.export.text import csv_bytes
from tariffs.publishing import write_page

if TYPE_CHECKING:
    from pathlib import Path

AVERAGES = [
    "average-cn_on_us-cn-imports-2017", "average-cn_on_us-piie-implied", "average-cn_on_us-simple-hs6",
    "average-us_on_cn-piie-implied", "average-us_on_cn-us-imports-2024",
]  # fmt: skip
FILES = sorted(
    [
        *(f"{name}{ending}" for name in [*AVERAGES, "rates"] for ending in (".html", ".svg")),
        "duties-cn_on_us.svg",
        "duties-us_on_cn.svg",
        "events.csv",
        "index.html",
    ]
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(tmp_path_factory.mktemp("site") / "tariffs").parent


@pytest.fixture(scope="module")
def page(site: Path) -> str:
    return (site / "index.html").read_text(encoding="utf-8")


def test_the_page_stands_beside_its_charts_and_the_events(site: Path) -> None:
    assert sorted(path.name for path in site.iterdir()) == FILES
    assert (site / "events.csv").read_bytes() == csv_bytes(tf.events())


def test_every_event_of_every_duty_is_on_it_with_act_and_links(page: str) -> None:
    record = tf.load()
    assert len(re.findall(r"<tr(?: class=\"gone\")?><td", page)) == len(record.events)
    assert re.findall(r'<section class="duty" id="([^"]+)">', page) == list(record.duties)
    for event in record.events.values():
        for source in event.sources:
            assert not source.url or f'href="{source.url.replace("&", "&amp;")}"' in page


def test_a_duty_can_be_shown_alone_without_scripts(page: str) -> None:
    assert "<script" not in page
    assert "main:has(section.duty:target) section.duty:not(:target) { display: none; }" in page
    for name in tf.load().duties:
        assert f'<a href="#{name}">' in page


def test_it_says_what_is_not_verified_and_how_to_cite_it(page: str) -> None:
    text = unescape(re.sub(r"<[^>]+>", "", page))
    assert "After 9 October 2026 nothing was checked." in text
    assert "cn-reciprocal/2027-01-10/34: statements of the US side (23 September 2026) and of MOFCOM (28 September 2026)" in text
    assert "s301-review-semiconductors/2027-06-23/unknown" in text
    assert tf.cite() in text
    assert tf.cite(style="bibtex") in text


def test_its_policy_allows_pictures_of_its_own_and_nothing_else(page: str) -> None:
    assert "default-src 'none'; script-src 'none'; style-src 'sha256-" in page
    assert "img-src 'self'" in page
    pictures = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', page)
    assert [name for name, _ in pictures] == [
        "rates.svg",
        "average-us_on_cn-piie-implied.svg",
        "average-us_on_cn-us-imports-2024.svg",
        "duties-us_on_cn.svg",
        "average-cn_on_us-cn-imports-2017.svg",
        "average-cn_on_us-piie-implied.svg",
        "average-cn_on_us-simple-hs6.svg",
        "duties-cn_on_us.svg",
    ]
    assert all(len(alt) > 100 for _, alt in pictures)
    assert not re.search(r'(?:src|srcset|data)="https?:', page)


def test_every_link_to_a_file_leads_to_one(site: Path, page: str) -> None:
    for target in re.findall(r'(?:href|src)="([^"#]+)"', page):
        assert target.startswith(("https://", "http://")) or (site / target).exists(), target


def test_other_files_stay_and_the_same_data_gives_the_same_bytes(site: Path) -> None:
    before = {path.name: path.read_bytes() for path in site.iterdir()}
    (site / "CNAME").write_text("mine", encoding="utf-8")
    write_page(site)
    assert (site / "CNAME").read_text(encoding="utf-8") == "mine"
    (site / "CNAME").unlink()
    assert {path.name: path.read_bytes() for path in site.iterdir()} == before


def test_a_scenario_says_so_on_its_page(tmp_path: Path) -> None:
    text = write_page(tmp_path / "site", catalog=tf.load("truce-to-2028", on_top=True)).read_text(encoding="utf-8")
    assert "Scenario truce-to-2028: truce to 10 January 2028; not the record." in text
    assert "cn-reciprocal/2028-01-10/34" in text


def test_a_place_where_no_folder_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="is a file, expected a folder"):
        write_page(tmp_path / "file")
    result = CliRunner().invoke(main, ["page", "-o", str(tmp_path / "no" / "where")])
    assert result.exit_code == 1
    assert "does not exist" in result.stderr
