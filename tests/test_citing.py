from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from pybtex.database import parse_string

import tariffs as tf
from tariffs.asking import packaged
from tariffs.citing import _plain
from tariffs.errors import CoverageError, UnknownNameError, UsageError

ROOT = Path(__file__).parents[1]
EVENT = "ieepa-reciprocal/2025-04-10/125"
PIIE: dict[str, Any] = {"measure": "average", "weights": "piie-implied"}


def test_the_data_are_cited_with_both_versions_and_the_day_they_were_checked_through() -> None:
    assert tf.cite() == (
        'The tariffs authors, "tariffs: tariff rates as sourced, dated time series", version 0.1.0, data version 2026.10.09,'
        " checked through 2026-10-09."
    )


def test_the_citation_file_says_the_same() -> None:
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    own = json.loads(tf.cite(style="csl"))[0]
    assert said["title"] == own["title"]
    assert [author["name"] for author in said["authors"]] == [author["literal"] for author in own["author"]]
    assert own["version"] == f"{said['version']}, data version {packaged().release.version}"
    assert packaged().release.version in said["message"]


def test_a_series_is_a_part_of_the_data_that_names_its_measure_and_weights() -> None:
    assert tf.cite("us_on_cn", style="apa", **PIIE) == (
        "The tariffs authors. (2026). US on China: average statutory rate, MFN included, weights piie-implied. In tariffs: tariff"
        " rates as sourced, dated time series (Version 0.1.0, data version 2026.10.09) [Data set]."
    )
    assert "weights from Chad P. Bown, Peterson Institute" in tf.cite("us_on_cn", **PIIE)
    assert "US on the rest of the world" in tf.cite("us_on_row", **PIIE)
    assert "Soybeans, MFN included" in tf.cite("cn_on_us", measure="stack", good="soybeans", mfn=True)


def test_an_event_is_cited_by_its_act() -> None:
    # EO 14266 of 9 April 2025, 90 FR 15625.
    assert tf.cite(EVENT).startswith("EO 14266, 9 April 2025. 90 FR 15625, https://www.federalregister.gov/citation/90-FR-15625.")
    assert "125 percent from 10 April 2025" in tf.cite(EVENT)
    assert tf.cite(EVENT, style="apa").startswith("EO 14266. (2025, April 9). 90 FR 15625.")


def test_what_was_withdrawn_or_had_no_day_says_so() -> None:
    assert "34 percent from 9 April 2025, withdrawn 8 April 2025" in tf.cite("ieepa-reciprocal/2025-04-09/34")
    assert "15 percent with no day set, withdrawn 24 July 2026" in tf.cite("s122-surcharge/open/15")


def test_every_event_is_read_back_by_a_bibtex_parser_whatever_letters_it_has() -> None:
    record = packaged()
    entries = [tf.cite(event, style="bibtex") for event in record.events]
    library = parse_string(
        "\n\n".join([tf.cite(style="bibtex"), tf.cite("us_on_cn", style="bibtex", **PIIE), *entries]), "bibtex"
    )
    assert len(library.entries) == len(record.events) + 2
    entry = library.entries["tariffs-ieepa-reciprocal-2025-04-10-125"]
    assert (entry.fields["title"], entry.fields["year"], entry.fields["month"]) == ("{EO 14266}", "2025", "April")
    assert entry.fields["url"] == "https://www.federalregister.gov/citation/90-FR-15625"
    data = library.entries["tariffs-2026.10.09"]
    assert str(data.persons["author"][0]) == "{The tariffs authors}"


def test_bibtex_takes_no_letter_for_markup() -> None:
    assert _plain("100% of $34 & a_b {c} #1 ^~\\") == (
        r"100\% of \$34 \& a\_b \{c\} \#1 \textasciicircum{}\textasciitilde{}\textbackslash{}"
    )


def test_csl_is_json_that_reference_managers_know() -> None:
    for event in packaged().events:
        (item,) = json.loads(tf.cite(event, style="csl"))
        assert item["type"] == "legislation"
        assert item["title"]
        assert "author" not in item
    (item,) = json.loads(tf.cite(EVENT, style="csl"))
    assert item["issued"] == {"date-parts": [[2025, 4, 9]]}
    assert item["URL"] == "https://www.federalregister.gov/citation/90-FR-15625"


def test_events_of_one_s_own_are_part_of_the_version(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "duty: mine\ntitle: Mine\nimporter: US\norigin: CN\nauthority: IEEPA\nfamily: ieepa-fentanyl\nscope: all_goods\n"
        "covers: Everything.\nevents:\n- effective: 2025-06-01\n  stated: 2025-05-20\n  enacted: 2025-05-21\n  rate: 7%\n"
        "  act: Test\n  grade: C\n  sources:\n  - {title: test}\n",
        encoding="utf-8",
    )
    assert "data version 2026.10.09, with mine.yaml" in tf.cite(catalog=tf.load(file, on_top=True))


@pytest.mark.parametrize(
    ("what", "asked", "error", "said"),
    [
        ("us_on_c", {}, UnknownNameError, "unknown direction or event 'us_on_c'; did you mean 'us_on_cn'"),
        ("ieepa-reciprocal/2025-04-10/126", {}, UnknownNameError, f"did you mean '{EVENT}'"),
        ("us_on_eu", {}, CoverageError, "does not cover US on EU"),
        (None, {"style": "mla"}, UnknownNameError, "unknown style 'mla'; one of: apa, bibtex, csl, text"),
        (None, PIIE, UsageError, "belong to a series; name its direction"),
        (EVENT, {"mfn": True}, UsageError, "an event has no measure, weights or good"),
        ("us_on_cn", {"measure": "average"}, UsageError, "average needs weights"),
    ],
)
def test_what_cannot_be_cited_is_refused(what: Any, asked: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        tf.cite(what, **asked)
