from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import tariffs as tf
from tariffs.catalog import home
from tariffs.errors import CoverageError, Problem, RecordError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from tariffs.catalog import Catalog

US_ON_CN = "weights/piie-implied/us_on_cn.csv"
CN_ON_US = "weights/cn-imports-2017/cn_on_us.csv"
PHONE = "goods/smartphone.yaml"
SOYBEANS = "goods/soybeans.yaml"
LIST_3 = "share,s301-list-3,,36.5390,"
TRUCKS = "s232-trucks/2025-11-01/25 s232-truck-parts/2025-11-01/25 s232-buses/2025-11-01/10"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return shutil.copytree(home("data"), tmp_path / "data")


def change(data: Path, file: str, there: str, instead: str) -> int:
    """Put one text in place of another that stands in a file once, and return its line."""
    path = data / file
    text = path.read_text(encoding="utf-8")
    assert text.count(there) == 1
    path.write_text(text.replace(there, instead), encoding="utf-8")
    return text[: text.index(there)].count("\n") + 1


def append(data: Path, file: str, *rows: str) -> int:
    """Add rows to a table, and return the line of the first."""
    path = data / file
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return text.count("\n") + 1


def drop(data: Path, file: str, start: str) -> None:
    """Take out the one row of a table that begins with a text."""
    path = data / file
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [row for row in rows if not row.startswith(start)]
    assert len(kept) == len(rows) - 1
    path.write_text("".join(kept), encoding="utf-8")


def problems(data: Path) -> list[Problem]:
    with pytest.raises(RecordError) as caught:
        tf.load(data)
    return list(caught.value.problems)


def test_the_copy_of_the_record_is_sound_before_anything_is_broken(data: Path) -> None:
    record = tf.load(data)
    assert set(record.bases) == {"cn-imports-2017", "piie-implied", "simple-hs6", "us-imports-2024"}
    assert {"smartphone", "soybeans", "unlisted"} <= set(record.goods)


class Broken(NamedTuple):
    row: str
    field: str
    says: str


ROWS = {
    "unknown-duty": Broken("share,s301-list-33,,1,", "duties", "unknown duty 's301-list-33'; did you mean 's301-list-3'?"),
    "duty-of-the-other-direction": Broken("share,cn-reciprocal,,1,", "duties", "cn-reciprocal is not levied on us_on_cn"),
    "no-such-event": Broken(
        "share,s301-list-3,s301-list-3/2018-09-25/10,1,",
        "from",
        "unknown event 's301-list-3/2018-09-25/10'; did you mean 's301-list-3/2018-09-24/10'?",
    ),
    "event-of-another-duty": Broken(
        "share,s301-list-3,ieepa-reciprocal/2025-09-08/bullion,1,",
        "from",
        "ieepa-reciprocal/2025-09-08/bullion is not a dated change of what s301-list-3 covers",
    ),
    "event-that-sets-a-level": Broken(
        "share,s301-list-3,s301-list-3/2019-05-10/25,1,",
        "from",
        "s301-list-3/2019-05-10/25 is not a dated change of what s301-list-3 covers",
    ),
    "points-from-no-such-event": Broken(
        "points,s301-list-4b,s301-list-4b/2019-12-14/15,1,",
        "from",
        "unknown event 's301-list-4b/2019-12-14/15'; did you mean 's301-list-4b/2019-12-15/15'?",
    ),
    "points-from-an-event-of-another-duty": Broken(
        "points,s301-list-4b,s301-list-4a/2019-09-01/15,1,",
        "from",
        "s301-list-4a/2019-09-01/15 is an event of s301-list-4a, expected one of s301-list-4b",
    ),
    "points-from-an-event-without-a-day": Broken(
        "points,s122-surcharge,s122-surcharge/open/15,1,", "from", "s122-surcharge/open/15 has no day"
    ),
    "a-day-after-the-last": Broken(
        "share,s301-list-3,2026-01-01,1,", "from", "2026-01-01 is after the last day of the basis, 2025-12-31"
    ),
    "events-of-several-days": Broken(
        "points,s301-list-4b s301-forced-labour,s301-list-4b/2019-12-15/15 s301-forced-labour/2026-07-24/12.5,1,",
        "from",
        "events of several days: 2019-12-15, 2026-07-24",
    ),
    "the-same-number-twice": Broken(LIST_3, "from", "a second number for the same; first on line "),
    "points-across-families": Broken(
        "points,s301-list-4b s232-drones-large,s301-list-4b/2019-12-15/15,1,",
        "duties",
        "booked together across families: s232-technology, s301-lists",
    ),
    "share-of-a-duty-in-points": Broken("share,s232-autos,,1,", "duties", "s232-autos is booked twice, alone or with others"),
    "points-of-a-duty-with-a-share": Broken(
        "points,s301-list-3,s301-list-3/2018-09-24/10,3.65,", "duties", "s301-list-3 is booked twice, alone or with others"
    ),
    "points-of-a-duty-in-other-points": Broken(
        f"points,s232-trucks,{TRUCKS.split(maxsplit=1)[0]},0.1,", "duties", "s232-trucks is booked twice, alone or with others"
    ),
    "unknown-slug": Broken("left_out,,bullions,,why", "from", "unknown slug 'bullions'; did you mean 'bullion'?"),
    "unknown-event-left-out": Broken(
        "left_out,,ieepa-reciprocal/2025-09-08/bullions,,why",
        "from",
        "unknown event 'ieepa-reciprocal/2025-09-08/bullions'; did you mean 'ieepa-reciprocal/2025-09-08/bullion'?",
    ),
    "left-out-of-an-unknown-duty": Broken(
        "left_out,s232-auto,bullion,,why", "duties", "unknown duty 's232-auto'; did you mean 's232-autos'?"
    ),
    "covered-from-no-such-event": Broken(
        "covered,,s301-list-1/2018-07-06/24,7,",
        "from",
        "unknown event 's301-list-1/2018-07-06/24'; did you mean 's301-list-1/2018-07-06/25'?",
    ),
}


@pytest.mark.parametrize("case", sorted(ROWS))
def test_a_row_that_the_record_does_not_bear_out_is_refused_at_its_line(case: str, data: Path) -> None:
    row, field, says = ROWS[case]
    line = append(data, US_ON_CN, row)
    found = problems(data)
    assert all(problem.file == US_ON_CN for problem in found)
    (problem,) = [problem for problem in found if problem.field == field and problem.message.startswith(says)]
    # A contradiction of two rows is noted where the points stand.
    assert problem.line == line or case == "share-of-a-duty-in-points"


# What moves a sum over lines: whatever duty displaces another, on the day on which both act and exemption were known.
OWN = "weights/us-imports-2024/us_on_cn.csv"
SUMMED = {
    "no-such-event": ("share,s301-list-1,s232-autos/2025-04-04/25,1,", "unknown event 's232-autos/2025-04-04/25'; did you mean"),
    "event-without-a-day": ("share,s301-list-1,s122-surcharge/open/15,1,", "s122-surcharge/open/15 has no day"),
    "duty-of-the-other-direction": (
        "share,s301-list-1,cn-reciprocal/2025-04-10/84,1,",
        "cn-reciprocal/2025-04-10/84: cn-reciprocal is not levied on us_on_cn",
    ),
    "day-before-the-first": ("share,s301-list-1,2024-12-31,1,", "2024-12-31 is before the first day of the basis, 2025-01-01"),
    "day-before-the-first-with-events": (
        "share,s301-list-1,2024-12-31 s232-autos/2025-04-03/25,1,",
        "2024-12-31 is before the first day of the basis, 2025-01-01",
    ),
}


@pytest.mark.parametrize("case", sorted(SUMMED))
def test_of_weights_summed_from_lines_a_row_that_the_record_does_not_bear_out_is_refused(case: str, data: Path) -> None:
    row, says = SUMMED[case]
    line = append(data, OWN, row)
    (problem,) = problems(data)
    assert (problem.file, problem.line, problem.field) == (OWN, line, "from")
    assert problem.message.startswith(says)


def test_of_weights_summed_from_lines_a_share_is_moved_by_duties_of_several_days(data: Path) -> None:
    both = "s232-trucks/2025-11-01/25 ieepa-reciprocal/2025-04-05/electronics-2025-04-11"
    append(data, OWN, f"share,s301-list-1,{both},1,", f"share,s301-list-1,2025-11-02 {both},2,")
    record = tf.load(data)
    days = ("2025-10-31", "2025-11-01", "2025-11-02")
    shares = [
        float(line.share or 0)
        for day in days
        for line in tf.explain("us_on_cn", day, measure="average", weights="us-imports-2024", catalog=record).lines
        if line.duty.id == "s301-list-1"
    ]
    assert shares[0] > 6
    assert shares[1:] == [1, 2]


def test_of_calibrated_weights_no_row_has_a_day_beside_events(data: Path) -> None:
    append(data, US_ON_CN, "points,s301-list-4b,2026-01-01 s301-list-4b/2019-12-15/15,1,")
    assert "found 2026-01-01 beside events, expected a day or events" in [problem.message for problem in problems(data)]


def test_a_number_that_stands_twice_is_refused_with_both_lines(data: Path) -> None:
    first = change(data, US_ON_CN, LIST_3, LIST_3)
    second = append(data, US_ON_CN, "share,s301-list-3,,36.54,")
    (problem,) = problems(data)
    assert str(problem) == f"{US_ON_CN}:{second}: from: a second number for the same; first on line {first}"


def test_a_share_that_only_begins_with_an_event_is_refused(data: Path) -> None:
    drop(data, US_ON_CN, "share,ieepa-reciprocal,,74.11,")
    (problem,) = problems(data)
    assert (problem.file, problem.field) == (US_ON_CN, "share")
    assert problem.message == "no share of ieepa-reciprocal as first drawn (an empty `from`)"


def test_an_average_without_mfn_is_refused(data: Path) -> None:
    drop(data, US_ON_CN, "mfn,us-mfn,us-mfn/2018-01-01/us-mfn-2018,3.0915,")
    (problem,) = problems(data)
    assert str(problem) == f"{US_ON_CN}: kind: no mfn row; an average has the MFN duties in it"


def test_a_whole_average_goes_with_no_other_kind(data: Path) -> None:
    append(data, "weights/piie-implied/us_on_row.csv", "mfn,us-mfn,,3,")
    (problem,) = problems(data)
    assert problem.file == "weights/piie-implied/us_on_row.csv"
    assert problem.message == "level stands for the whole average; it goes with no other kind"


def test_a_table_of_mfn_in_which_no_other_kind_stands_is_read(data: Path) -> None:
    path = data / CN_ON_US
    path.write_text("kind,duties,from,percent,note\nmfn,cn-mfn,,5.98,\n", encoding="utf-8")
    assert tf.rate("cn_on_us", "2018-03-01", measure="average", weights="cn-imports-2017", catalog=tf.load(data)) == 5.98


@pytest.mark.parametrize(
    ("file", "rows", "direction", "measure"),
    [
        ("weights/piie-implied/us_on_row.csv", "level,,,2.5,\nlevel,,2018-02-07,3,", "us_on_row", "average"),
        (CN_ON_US, "mfn,cn-mfn,,5.98,\ncovered,,,2.5,\ncovered,,2018-02-07,3,", "cn_on_us", "covered"),
    ],
)
def test_a_whole_whose_from_is_empty_holds_from_the_first_day(
    file: str, rows: str, direction: str, measure: Any, data: Path
) -> None:
    (data / file).write_text(f"kind,duties,from,percent,note\n{rows}\n", encoding="utf-8")
    record, basis = tf.load(data), file.split("/")[1]
    days = ("2018-01-01", "2018-02-06", "2018-02-07")
    assert [tf.rate(direction, day, measure=measure, weights=basis, catalog=record) for day in days] == [2.5, 2.5, 3]


def test_a_table_that_its_origin_does_not_name_is_refused(data: Path) -> None:
    shutil.copy(data / US_ON_CN, data / "weights/simple-hs6/us_on_cn.csv")
    (problem,) = problems(data)
    assert str(problem) == "weights/simple-hs6/us_on_cn.csv: is not read; origin.yaml names cn_on_us as .csv"


@pytest.mark.parametrize("name", ["notes.txt", "cn_on_us.xlsx"])
def test_a_file_among_weights_that_is_no_table_is_refused(name: str, data: Path) -> None:
    (data / "weights/simple-hs6" / name).write_text("notes", encoding="utf-8")
    assert [problem.file for problem in problems(data)] == [f"weights/simple-hs6/{name}"]


def test_a_table_that_is_not_there_is_named(data: Path) -> None:
    (data / CN_ON_US).unlink()
    assert str(problems(data)[0]) == f"{CN_ON_US}: cannot be read: No such file or directory"


@pytest.mark.parametrize("name", ["Mine", "my weights", "piie_implied"])
def test_a_folder_of_weights_is_named_as_an_id(name: str, data: Path) -> None:
    (data / "weights/simple-hs6").rename(data / "weights" / name)
    (problem,) = problems(data)
    assert str(problem) == (f"weights/{name}: the name is the id: found {name!r}, expected small letters, digits and hyphens")


def test_weights_of_no_origin_are_refused(data: Path) -> None:
    (data / "weights/simple-hs6/origin.yaml").unlink()
    (problem,) = problems(data)
    assert str(problem) == "weights/simple-hs6/origin.yaml: cannot be read: No such file or directory"


def test_weights_of_an_unknown_kind_are_refused(data: Path) -> None:
    line = change(data, "weights/simple-hs6/origin.yaml", "kind: computed", "kind: computd")
    (problem,) = problems(data)
    assert str(problem) == f"weights/simple-hs6/origin.yaml:{line}: kind: unknown kind 'computd'; did you mean 'computed'?"


def test_weights_that_name_no_table_are_refused(data: Path) -> None:
    folder = data / "weights/simple-hs6"
    text = (folder / "origin.yaml").read_text(encoding="utf-8")
    (folder / "origin.yaml").write_text(text[: text.index("tables:")] + "tables: {}\n", encoding="utf-8")
    (folder / "cn_on_us.csv").unlink()
    assert [problem.file for problem in problems(data)] == ["weights/simple-hs6/origin.yaml"]


def test_a_hidden_file_beside_weights_and_goods_is_passed_over(data: Path) -> None:
    for folder in ("weights", "weights/simple-hs6", "goods"):
        (data / folder / ".DS_Store").write_bytes(b"\x00")
    assert "simple-hs6" in tf.load(data).bases


@pytest.mark.parametrize(
    ("file", "there", "instead", "field", "says"),
    [
        (
            PHONE,
            "{duty: s301-list-4b}",
            "{duty: s301-list-4c}",
            "duties",
            "unknown duty 's301-list-4c'; did you mean 's301-list-4",
        ),
        (PHONE, "{duty: s301-list-4b}", "{duty: cn-list-1}", "duties", "cn-list-1 is not levied on us_on_cn"),
        (SOYBEANS, "{duty: cn-farm-10}", "{duty: s301-list-1}", "duties", "s301-list-1 is not levied on cn_on_us"),
        (
            PHONE,
            "ieepa-reciprocal/2025-04-05/electronics-2025-04-11",
            "ieepa-reciprocal/2025-04-11/electronics-2025-04-11",
            "ieepa-reciprocal",
            "unknown event 'ieepa-reciprocal/2025-04-11/electronics-2025-04-11'; did you mean 'ieepa-reciprocal/2025-04-05/elec",
        ),
        (
            PHONE,
            "ieepa-reciprocal/2025-04-05/electronics-2025-04-11",
            "ieepa-reciprocal/2025-09-08/bullion], in: [s122-surcharge/2026-02-24/s122-annex-goods",
            "ieepa-reciprocal",
            "s122-surcharge/2026-02-24/s122-annex-goods is not a dated change of what ieepa-reciprocal covers",
        ),
        (
            PHONE,
            "ieepa-reciprocal/2025-04-05/electronics-2025-04-11",
            "ieepa-reciprocal/2025-04-10/125",
            "ieepa-reciprocal",
            "ieepa-reciprocal/2025-04-10/125 is not a dated change of what ieepa-reciprocal covers",
        ),
        (
            "goods/pork.yaml",
            "cn-mfn/2020-01-01/provisional-rates-2020",
            "cn-mfn/2020-01-01/provisional-rates",
            "mfn",
            "unknown event 'cn-mfn/2020-01-01/provisional-rates'; did you mean 'cn-mfn/2020-01-01/provisional-rates-2020'?",
        ),
        (
            "goods/pork.yaml",
            "cn-mfn/2020-01-01/provisional-rates-2020",
            "us-mfn/2018-01-01/us-mfn-2018",
            "mfn",
            "us-mfn/2018-01-01/us-mfn-2018",
        ),
    ],
    ids=[
        "unknown-duty",
        "duty-of-the-other-direction",
        "american-duty-on-american-goods",
        "unknown-event",
        "event-of-another-duty",
        "event-that-sets-a-level",
        "mfn-from-an-unknown-event",
        "mfn-from-an-event-of-another-importer",
    ],
)
def test_a_good_that_the_record_does_not_bear_out_is_refused(
    file: str, there: str, instead: str, field: str, says: str, data: Path
) -> None:
    change(data, file, there, instead)
    (problem,) = problems(data)
    assert (problem.file, problem.field) == (file, field)
    assert problem.message.startswith(says)


def test_a_good_for_two_directions_bears_duties_of_both_or_none(data: Path) -> None:
    change(data, PHONE, "direction: us_on_cn", "direction: [us_on_cn, cn_on_us]")
    found = {problem.message for problem in problems(data)}
    assert "s301-list-4b is not levied on cn_on_us" in found


@pytest.mark.parametrize("name", ["phone.yml", "phone.csv", "notes.md"])
def test_a_file_among_goods_that_is_no_yaml_is_refused(name: str, data: Path) -> None:
    shutil.copy(data / PHONE, data / "goods" / name)
    (problem,) = problems(data)
    assert str(problem) == f"goods/{name}: is not read; expected goods/<good>.yaml"


def test_a_good_is_named_as_an_id(data: Path) -> None:
    (data / PHONE).rename(data / "goods/Smart_Phone.yaml")
    (problem,) = problems(data)
    assert str(problem) == (
        "goods/Smart_Phone.yaml: the name is the id: found 'Smart_Phone', expected small letters, digits and hyphens"
    )


def test_what_is_wrong_in_several_places_comes_in_one_run(data: Path) -> None:
    append(data, US_ON_CN, "share,s301-list-33,,1,", "left_out,,bullions,,why")
    append(data, CN_ON_US, "share,cn-list-9,,1,")
    change(data, PHONE, "{duty: s301-list-4b}", "{duty: s301-list-4c}")
    assert {(problem.file, problem.field) for problem in problems(data)} >= {
        (US_ON_CN, "duties"),
        (US_ON_CN, "from"),
        (CN_ON_US, "duties"),
        (PHONE, "duties"),
    }


def test_what_cannot_be_read_in_several_files_comes_in_one_run(data: Path) -> None:
    append(data, US_ON_CN, "shar,s301-list-3,,1,")
    change(data, "weights/simple-hs6/origin.yaml", "kind: computed", "kind: guessed")
    change(data, SOYBEANS, "grade: A", "grade: D")
    (data / "goods/notes.txt").write_text("notes", encoding="utf-8")
    assert [(problem.file, problem.field) for problem in problems(data)] == [
        ("goods/notes.txt", ""),
        (SOYBEANS, "grade"),
        (US_ON_CN, "kind"),
        ("weights/simple-hs6/origin.yaml", "kind"),
    ]


# A user's file laid on top: what no weights know is refused from its day, and nothing else moves.

EXEMPTION = """\
duty: ieepa-reciprocal
events:
- effective: 2025-10-01
  stated: 2025-09-20
  enacted: 2025-09-20
  coverage: {out: [toys]}
  summary: What if toys had left the duty.
  act: What if
  grade: C
  sources: [{title: An assumption}]
"""
NEW_DUTY = """\
duty,title,importer,origin,authority,family,scope,covers,effective,stated,enacted,rate,act,grade,source
what-if,A duty on all goods,US,CN,S301,other,all_goods,every good,2025-10-01,2025-09-20,2025-09-20,RATE,What if,C,An assumption
"""


def laid(folder: Path, name: str, text: str) -> Catalog:
    (folder / name).write_text(text, encoding="utf-8")
    return tf.load(folder / name, on_top=True)


def average(day: str, record: Catalog | None = None, as_of: str | None = None) -> float:
    return tf.rate("us_on_cn", day, measure="average", weights="piie-implied", catalog=record, as_of=as_of)


@pytest.mark.parametrize(
    ("name", "text", "duty"),
    [
        ("toys.yaml", EXEMPTION, "ieepa-reciprocal"),
        ("new.csv", NEW_DUTY.replace("RATE", "10%"), "what-if"),
    ],
)
def test_what_weights_do_not_know_refuses_an_average_from_its_day_and_names_the_duty(
    name: str, text: str, duty: str, tmp_path: Path
) -> None:
    record = laid(tmp_path, name, text)
    assert average("2025-09-30", record) == average("2025-09-30")
    for day in ("2025-10-01", "2025-11-12"):
        with pytest.raises(CoverageError, match=f"the weights piie-implied do not know what share of trade {duty} covers"):
            average(day, record)


def test_a_number_of_a_later_day_does_not_know_what_weights_missed_before(tmp_path: Path) -> None:
    # 65.19 from 13 November 2025 still has the toys in it.
    record = laid(tmp_path, "toys.yaml", EXEMPTION)
    with pytest.raises(CoverageError, match="ieepa-reciprocal"):
        average("2025-11-13", record)


def test_what_was_not_yet_known_refuses_no_average(tmp_path: Path) -> None:
    record = laid(tmp_path, "toys.yaml", EXEMPTION)
    assert average("2025-10-01", record, as_of="2025-09-19") == average("2025-10-01", as_of="2025-09-19")
    with pytest.raises(CoverageError, match="ieepa-reciprocal"):
        average("2025-10-01", record, as_of="2025-09-20")


def test_a_change_of_coverage_laid_on_top_moves_no_across_the_board_duty(tmp_path: Path) -> None:
    assert tf.rate("us_on_cn", "2025-10-01", catalog=laid(tmp_path, "toys.yaml", EXEMPTION)) == 30


def test_a_new_duty_on_all_goods_is_borne_by_every_good(tmp_path: Path) -> None:
    record = laid(tmp_path, "new.csv", NEW_DUTY.replace("RATE", "10%"))
    # 20 fentanyl on a smartphone, and on a good of List 3 25 + 20 + 10.
    assert tf.rate("us_on_cn", "2025-10-01", measure="stack", good="smartphone", catalog=record) == 20 + 10
    assert tf.rate("us_on_cn", "2025-10-01", measure="stack", good="list-3", catalog=record) == 55 + 10
    assert tf.rate("us_on_cn", "2025-09-30", measure="stack", good="list-3", catalog=record) == 55


def test_a_new_duty_at_nothing_changes_no_average_and_no_stack(tmp_path: Path) -> None:
    record = laid(tmp_path, "new.csv", NEW_DUTY.replace("RATE", "0%"))
    assert average("2025-12-31", record) == average("2025-12-31")
    for good in ("smartphone", "list-3", "electric-car"):
        ours = tf.rate("us_on_cn", "2025-12-31", measure="stack", good=good)
        assert tf.rate("us_on_cn", "2025-12-31", measure="stack", good=good, catalog=record) == ours


@pytest.mark.parametrize(("measure", "direction"), [("covered", "us_on_cn"), ("average", "us_on_row")])
def test_what_weights_know_as_a_whole_does_not_follow_what_is_laid_on_top(measure: Any, direction: str, tmp_path: Path) -> None:
    record = laid(tmp_path, "new.csv", NEW_DUTY.replace("RATE", "10%"))
    with pytest.raises(CoverageError, match="is known as a whole; it does not follow what lies over the record"):
        tf.rate(direction, "2025-12-31", measure=measure, weights="piie-implied", catalog=record)


def test_a_good_that_hangs_on_a_day_takes_its_mfn_rate_from_it(data: Path) -> None:
    change(data, PHONE, "mfn:\n- {rate: 0%}", "mfn:\n- {rate: 0%}\n- {from: 2025-11-20, rate: 3%}")
    record = tf.load(data)
    days = ("2025-11-19", "2025-11-20")
    assert [tf.rate("us_on_cn", day, measure="stack", good="smartphone", mfn=True, catalog=record) for day in days] == [10, 13]


def test_a_record_without_weights_or_goods_answers_for_the_across_the_board_duty_alone(data: Path) -> None:
    shutil.rmtree(data / "weights")
    shutil.rmtree(data / "goods")
    record = tf.load(data)
    assert tf.rate("us_on_cn", "2025-04-15", catalog=record) == 145
    with pytest.raises(UsageError, match="unknown weights 'piie-implied'"):
        average("2025-04-15", record)
