from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tariffs
from tariffs.catalog import Catalog, home, oddities, read_folder
from tariffs.errors import CoverageError, RecordError, UnknownNameError
from tariffs.loading import load, overlay
from tariffs.vocabulary import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

RELEASE = "version: 1\ncovers_from: 2018-01-01\nknown_through: 2025-12-31\ndirections: [us_on_cn]\n"
FAMILIES = "other: {title: Other duties}\ns122: {title: Section 122 surcharge}\n"
HEAD = "title: A duty\nimporter: US\norigin: CN\nauthority: S301\nfamily: other\nscope: list\ncovers: some goods\nevents:\n"
EVENT = """\
- effective: 2025-03-01
  stated: 2025-02-01
  enacted: 2025-02-01
  rate: 25%
  act: An act
  grade: B
  sources: [{title: A source}]
"""
CONTEXT = """\
events:
- id: a-call
  date: 2025-06-05
  kind: call
  title: A call
  summary: Two people speak.
  grade: B
  sources: [{title: A source}]
"""
DUTY = HEAD + EVENT
ALL = DUTY.replace("origin: CN", "origin: ALL")


def folder(root: Path, **files: str) -> Path:
    # Names are written with __ for a slash, as keywords allow no other.
    texts = {"release": RELEASE, "families": FAMILIES, "duties__us-on-cn__a": DUTY} | files
    for name, text in texts.items():
        path = root / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def problems(root: Path) -> list[str]:
    with pytest.raises(RecordError) as caught:
        read_folder(root)
    return [str(problem) for problem in caught.value.problems]


@cache
def packaged() -> Catalog:
    return read_folder(home("data"))


def laid(tmp_path: Path, text: str, name: str = "mine.yaml") -> Catalog:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return load(path, on_top=True)


def refusals(tmp_path: Path, text: str, name: str = "mine.yaml") -> list[str]:
    with pytest.raises(RecordError) as caught:
        laid(tmp_path, text, name)
    return [str(problem) for problem in caught.value.problems]


def warned(tmp_path: Path, text: str) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        laid(tmp_path, text)
    assert {warning.category for warning in caught} <= {UserWarning}
    return [str(warning.message) for warning in caught]


def test_a_small_folder_is_read_whole(tmp_path: Path) -> None:
    catalog = load(folder(tmp_path, context__2025=CONTEXT))
    assert list(catalog.duties) == ["a"]
    assert list(catalog.events) == ["a/2025-03-01/25"]
    assert catalog.duties["a"].file == "duties/us-on-cn/a.yaml"
    assert [event.id for event in catalog.context] == ["a-call"]
    assert list(catalog.families) == ["other", "s122"]
    assert catalog.directions == (Direction("US", "CN"),)
    assert (catalog.release.covers_from, catalog.release.known_through) == (date(2018, 1, 1), date(2025, 12, 31))


def test_duties_stand_in_order_of_their_ids_whatever_their_folders(tmp_path: Path) -> None:
    root = folder(tmp_path, **{"duties__us-on-cn__z": DUTY, "duties__us-on-cn__m": DUTY, "duties__us-on-all__k": ALL})
    assert list(read_folder(root).duties) == ["a", "k", "m", "z"]


def test_context_stands_in_order_of_its_dates(tmp_path: Path) -> None:
    later = CONTEXT.replace("a-call", "b-call").replace("2025-06-05", "2025-07-01")
    earlier = CONTEXT.replace("a-call", "c-call").replace("2025-06-05", "2019-07-01")
    root = folder(tmp_path, context__a=later, context__b=CONTEXT, context__c=earlier)
    assert [event.id for event in read_folder(root).context] == ["c-call", "a-call", "b-call"]


def test_a_folder_without_a_release_is_no_record(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path)
    assert problem == f"{tmp_path}: no release.yaml here; expected the folder of a record; a file is laid on one with on_top=True"


def test_a_file_without_on_top_is_refused_with_the_way_to_lay_it(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("duty,effective,stated\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r"a file is laid on one with on_top=True"):
        load(path)


def test_a_folder_without_families_is_refused(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "families.yaml").unlink()
    assert "families.yaml: cannot be read: No such file or directory" in problems(root)


def test_one_id_in_two_folders_is_refused_with_both_files(tmp_path: Path) -> None:
    (problem,) = problems(folder(tmp_path, **{"duties__us-on-all__a": ALL}))
    assert "the id a stands twice" in problem
    assert "duties/us-on-cn/a.yaml" in problem
    assert "duties/us-on-all/a.yaml" in problem


def test_a_duty_in_the_wrong_folder_is_refused_with_the_right_one(tmp_path: Path) -> None:
    root = folder(
        tmp_path, **{"duties__us-on-cn__b": DUTY.replace("origin: CN", "origin: [HK, CN]"), "duties__cn-on-us__c": DUTY}
    )
    assert problems(root) == [
        "duties/cn-on-us/c.yaml:1: origin: lies in cn-on-us, expected us-on-cn",
        "duties/us-on-cn/b.yaml:1: origin: lies in us-on-cn, expected us-on-hk",
    ]


def test_a_duty_that_names_itself_otherwise_than_its_file_is_refused(tmp_path: Path) -> None:
    assert problems(folder(tmp_path, **{"duties__us-on-cn__b": f"duty: c\n{DUTY}"})) == [
        "duties/us-on-cn/b.yaml:1: duty: found c, expected the file's name b"
    ]


def test_an_id_of_context_that_stands_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    again = f"# later\n{CONTEXT}"
    assert problems(folder(tmp_path, context__2025=CONTEXT, context__2026=again)) == [
        "context/2026.yaml:3: id: a-call stands twice; first in context/2025.yaml:2"
    ]


@pytest.mark.parametrize(
    ("found", "instead", "field"),
    [
        ("stated: 2025-02-01", "stated: 2026-01-01", "stated"),
        ("enacted: 2025-02-01", "enacted: 2026-01-01", "enacted"),
        ("  act:", "  withdrawn: 2026-01-01\n  withdrawn_by: B\n  act:", "withdrawn"),
    ],
)
def test_nothing_is_known_after_the_last_checked_day(found: str, instead: str, field: str, tmp_path: Path) -> None:
    text = HEAD + EVENT.replace("2025-03-01", "2026-06-01").replace(found, instead)
    (problem,) = problems(folder(tmp_path, **{"duties__us-on-cn__b": text}))
    assert problem == f"duties/us-on-cn/b.yaml:9: {field}: 2026-01-01 is after known_through, 2025-12-31"


def test_what_was_known_on_the_last_checked_day_may_take_effect_later(tmp_path: Path) -> None:
    text = HEAD + EVENT.replace("2025-02-01", "2025-12-31").replace("2025-03-01", "2026-06-01")
    assert "b/2026-06-01/25" in read_folder(folder(tmp_path, **{"duties__us-on-cn__b": text})).events


def test_an_event_before_the_record_begins_is_refused(tmp_path: Path) -> None:
    text = HEAD + EVENT.replace("2025-02-01", "2017-12-01").replace("2025-03-01", "2017-12-31")
    assert problems(folder(tmp_path, **{"duties__us-on-cn__b": text})) == [
        "duties/us-on-cn/b.yaml:9: effective: 2017-12-31 is before the record begins, 2018-01-01"
    ]


def test_an_event_of_the_first_day_may_have_been_stated_before_it(tmp_path: Path) -> None:
    text = HEAD + EVENT.replace("2025-02-01", "2017-12-01").replace("2025-03-01", "2018-01-01")
    assert "b/2018-01-01/25" in read_folder(folder(tmp_path, **{"duties__us-on-cn__b": text})).events


def test_a_direction_without_any_duty_is_refused(tmp_path: Path) -> None:
    root = folder(tmp_path, release=RELEASE.replace("[us_on_cn]", "[us_on_cn, cn_on_us]"))
    assert problems(root) == ["release.yaml: directions: no duty of the record is levied on cn_on_us"]


def test_a_duty_on_all_origins_makes_every_direction_of_its_importer_good_except_those_left_out(tmp_path: Path) -> None:
    release = RELEASE.replace("[us_on_cn]", "[us_on_cn, us_on_jp, us_on_mx]")
    root = folder(tmp_path, release=release, **{"duties__us-on-all__b": ALL.replace("origin: ALL", "origin: ALL\nexcept: [MX]")})
    assert problems(root) == ["release.yaml: directions: no duty of the record is levied on us_on_mx"]


def test_the_errors_of_all_files_come_together_in_order_of_file_and_line(tmp_path: Path) -> None:
    root = folder(
        tmp_path,
        context__2025=CONTEXT,
        context__2026=CONTEXT,
        **{
            "duties__us-on-cn__b": HEAD + EVENT.replace("25%", "25") + EVENT.replace("grade: B", "grade: D"),
            "duties__us-on-cn__c": DUTY.replace("family: other", "family: s12"),
            "duties__us-on-cn__d": "- not\n- a duty\n",
            "duties__us-on-cn__e": " \n",
            "duties__us-on-cn__f": HEAD + EVENT + EVENT.replace("25%", "30%"),
            "duties__us-on-jp__g": DUTY,
        },
    )
    with pytest.raises(RecordError) as caught:
        read_folder(root)
    assert [(problem.file, problem.line, problem.field) for problem in caught.value.problems] == [
        ("context/2026.yaml", 2, "id"),
        ("duties/us-on-cn/b.yaml", 12, "rate"),
        ("duties/us-on-cn/b.yaml", 21, "grade"),
        ("duties/us-on-cn/c.yaml", 5, "family"),
        ("duties/us-on-cn/d.yaml", 1, ""),
        ("duties/us-on-cn/e.yaml", 0, ""),
        ("duties/us-on-cn/f.yaml", 16, "rate"),
        ("duties/us-on-jp/g.yaml", 1, "origin"),
    ]
    assert str(caught.value).count("\n") == 7


def test_a_broken_release_does_not_hide_what_the_other_files_say_against_each_other(tmp_path: Path) -> None:
    # The program stops comparing where the release is broken: the second mistake shows only after the first is mended.
    root = folder(tmp_path, release=RELEASE.replace("2025-12-31", "today"), context__2025=CONTEXT, context__2026=CONTEXT)
    found = problems(root)
    assert any(problem.startswith("release.yaml:3: known_through: ") for problem in found)
    assert any(problem.startswith("context/2026.yaml:2: id: ") for problem in found)


def test_a_broken_duty_brings_no_second_error_about_its_direction(tmp_path: Path) -> None:
    # The program adds that no duty is levied on us_on_cn, which is not so: it is there and broken.
    root = folder(tmp_path, **{"duties__us-on-cn__a": DUTY.replace("25%", "25")})
    assert [problem.split(": ")[0] for problem in problems(root)] == ["duties/us-on-cn/a.yaml:12"]


def test_broken_families_bring_no_second_error_about_each_duty(tmp_path: Path) -> None:
    # The program adds "unknown family" for every duty of the record, each of them right.
    root = folder(tmp_path, families="other: {}\n")
    assert problems(root) == ["families.yaml:1: title: is missing"]


def test_a_file_that_would_not_be_read_is_refused(tmp_path: Path) -> None:
    # The program passes over both without a word: the rates are then too low, and nothing says so.
    root = folder(tmp_path, duties__c=DUTY)
    (root / "duties/us-on-cn/b.yml").write_text(DUTY, encoding="utf-8")
    assert [problem.split(": ")[0] for problem in problems(root)] == ["duties/c.yaml", "duties/us-on-cn/b.yml"]


@pytest.fixture(params=[False, True], ids=["forwards", "backwards"])
def found_in_order(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    glob, backwards = Path.glob, bool(request.param)

    def ordered(self: Path, pattern: str) -> Iterator[Path]:
        return iter(sorted(glob(self, pattern), reverse=backwards))

    monkeypatch.setattr(Path, "glob", ordered)


@pytest.mark.usefixtures("found_in_order")
def test_the_order_in_which_files_are_found_does_not_change_the_record(tmp_path: Path) -> None:
    second = CONTEXT.replace("a-call", "b-call")
    root = folder(tmp_path, context__x=second, context__y=CONTEXT, **{"duties__us-on-cn__z": DUTY, "duties__us-on-all__k": ALL})
    catalog = read_folder(root)
    assert list(catalog.duties) == ["a", "k", "z"]
    assert [event.id for event in catalog.context] == ["a-call", "b-call"]


@pytest.mark.usefixtures("found_in_order")
def test_the_order_in_which_files_are_found_does_not_change_the_errors(tmp_path: Path) -> None:
    # Read backwards, the program blames the other of two files with one id: it sorts by name alone, without the folder.
    again = {"duties__us-on-all__a": ALL, "duties__us-on-cn__b": DUTY.replace("title: A duty", "title:")}
    root = folder(tmp_path, context__x=CONTEXT, context__y=CONTEXT, **again)
    assert problems(root) == [
        "context/y.yaml:2: id: a-call stands twice; first in context/x.yaml:2",
        "duties/us-on-cn/a.yaml:1: the id a stands twice; first in duties/us-on-all/a.yaml",
        "duties/us-on-cn/b.yaml:1: title: is empty",
    ]


def test_the_packaged_record_is_what_load_returns() -> None:
    assert load() == packaged()
    assert load().overlays == ()


def test_the_packaged_record_begins_in_2018_in_both_directions() -> None:
    assert packaged().release.covers_from == date(2018, 1, 1)
    assert packaged().directions == (Direction("US", "CN"), Direction("CN", "US"))


def test_a_name_that_the_record_lacks_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown duty 'ieepa-fentanil'; did you mean 'ieepa-fentanyl'\?"):
        packaged().duty("ieepa-fentanil")
    with pytest.raises(UnknownNameError, match=r"unknown direction 'us_on_fr'"):
        packaged().direction("us_on_fr")
    assert packaged().duty("ieepa-fentanyl").id == "ieepa-fentanyl"
    assert packaged().direction("US on China") == Direction("US", "CN")


def test_a_day_before_the_record_is_refused_and_its_first_day_is_not() -> None:
    packaged().require_covered(date(2018, 1, 1))
    with pytest.raises(CoverageError, match=r"2017-12-31 is before the record, which begins on 2018-01-01"):
        packaged().require_covered(date(2017, 12, 31))


# A what-if: the fentanyl duty (20% from 4 March 2025, EO 14228) at 40% from June. 40 + 10 of the truce of 12 May are 50.
FORTY = "duty: ieepa-fentanyl\nevents:\n" + EVENT.replace("2025-03-01", "2025-06-01").replace("2025-02-01", "2025-05-20").replace(
    "25%", "40%"
)
FORTY_CSV = """\
duty,effective,stated,enacted,rate,act,grade,source
ieepa-fentanyl,2025-06-01,2025-05-20,2025-05-20,40%,A what-if,C,mine
"""


@pytest.mark.parametrize(("text", "name"), [(FORTY, "mine.yaml"), (FORTY, "mine.yml"), (FORTY_CSV, "mine.csv")])
def test_an_event_laid_on_top_is_added_to_its_duty(text: str, name: str, tmp_path: Path) -> None:
    catalog = laid(tmp_path, text, name)
    assert set(catalog.events) - set(packaged().events) == {"ieepa-fentanyl/2025-06-01/40"}
    assert set(packaged().events) <= set(catalog.events)
    assert (catalog.events["ieepa-fentanyl/2025-06-01/40"].file, catalog.overlays) == (name, (name,))
    assert tariffs.rate("us_on_cn", "2025-05-31", catalog=catalog) == 30
    assert tariffs.rate("us_on_cn", "2025-06-01", catalog=catalog) == 50


def test_a_file_named_for_a_duty_of_the_record_extends_it(tmp_path: Path) -> None:
    catalog = laid(tmp_path, FORTY.replace("duty: ieepa-fentanyl\n", ""), "ieepa-fentanyl.yaml")
    assert "ieepa-fentanyl/2025-06-01/40" in catalog.events


def test_an_event_with_an_id_of_the_record_replaces_it(tmp_path: Path) -> None:
    # Had EO 14228 been taken back before 4 March 2025, the 10% of EO 14195 would have stayed alone.
    text = """\
duty,effective,stated,enacted,rate,act,grade,source,withdrawn,withdrawn_by
ieepa-fentanyl,2025-03-04,2025-02-27,2025-03-03,20%,EO 14228,C,mine,2025-03-03,a what-if
"""
    catalog = laid(tmp_path, text, "mine.csv")
    assert set(catalog.events) == set(packaged().events)
    assert len(catalog.duty("ieepa-fentanyl").events) == len(packaged().duty("ieepa-fentanyl").events)
    assert catalog.events["ieepa-fentanyl/2025-03-04/20"].withdrawn == date(2025, 3, 3)
    assert tariffs.rate("us_on_cn", "2025-03-10") == 20
    assert tariffs.rate("us_on_cn", "2025-03-10", catalog=catalog) == 10


def test_what_is_laid_on_top_leaves_the_rest_of_the_record_alone(tmp_path: Path) -> None:
    catalog = laid(tmp_path, FORTY)
    untouched = {name: duty for name, duty in catalog.duties.items() if name != "ieepa-fentanyl"}
    assert untouched == {name: duty for name, duty in packaged().duties.items() if name != "ieepa-fentanyl"}
    assert replace(catalog.duty("ieepa-fentanyl"), events=()) == replace(packaged().duty("ieepa-fentanyl"), events=())
    assert (catalog.release, catalog.families, catalog.context) == (packaged().release, packaged().families, packaged().context)
    assert catalog.directions == packaged().directions


def test_one_table_may_extend_one_duty_and_bring_another(tmp_path: Path) -> None:
    text = """\
duty,title,importer,origin,authority,family,scope,covers,effective,stated,enacted,rate,act,grade,source
ieepa-fentanyl,,,,,,,,2025-06-01,2025-05-20,2025-05-20,40%,A what-if,C,mine
more,More,US,CN,S122,other,all_goods,every good,2025-06-01,2025-05-20,2025-05-20,15%,A what-if,C,mine
"""
    catalog = laid(tmp_path, text, "mine.csv")
    assert list(catalog.duties) == sorted([*packaged().duties, "more"])
    assert tariffs.rate("us_on_cn", "2025-06-01", catalog=catalog) == 65  # 40 + 10 + 15


@pytest.mark.parametrize("ending", ["yaml", "csv"])
def test_a_duty_of_another_country_makes_its_direction(ending: str, tmp_path: Path) -> None:
    # The EU's answer of April 2025, adopted and never applied, as if it had been: 25% from 15 April.
    yaml = (
        HEAD.replace("importer: US", "importer: EU")
        .replace("origin: CN", "origin: US")
        .replace("scope: list", "scope: all_goods")
    )
    yaml += EVENT.replace("2025-03-01", "2025-04-15").replace("2025-02-01", "2025-04-09")
    csv = """\
duty,title,importer,origin,authority,family,scope,covers,effective,stated,enacted,rate,act,grade,source
mine,A duty,EU,US,RETALIATION,other,all_goods,some goods,2025-04-15,2025-04-09,2025-04-09,25%,An act,B,mine
"""
    catalog = laid(tmp_path, yaml if ending == "yaml" else csv, f"mine.{ending}")
    assert catalog.directions == (*packaged().directions, Direction("EU", "US"))
    assert [duty.id for duty in catalog.bearing(Direction("EU", "US"))] == ["mine"]
    assert tariffs.rate("EU on US", "2025-04-14", catalog=catalog) == 0
    assert tariffs.rate("EU on US", "2025-04-15", catalog=catalog) == 25


def test_a_new_direction_also_bears_what_its_importer_levies_on_all(tmp_path: Path) -> None:
    catalog = laid(tmp_path, DUTY.replace("origin: CN", "origin: JP"))
    assert catalog.direction("us-on-japan") == Direction("US", "JP")
    assert {"mine", "us-mfn"} <= {duty.id for duty in catalog.bearing(Direction("US", "JP"))}


def test_two_files_may_be_laid_one_over_the_other(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(FORTY, encoding="utf-8")
    (tmp_path / "two.yaml").write_text(FORTY.replace("act: An act", "act: Another act"), encoding="utf-8")
    catalog = overlay(overlay(packaged(), tmp_path / "one.yaml"), tmp_path / "two.yaml")
    assert catalog.overlays == ("one.yaml", "two.yaml")
    assert catalog.events["ieepa-fentanyl/2025-06-01/40"].act == "Another act"


def test_a_what_if_may_be_stated_after_the_last_checked_day(tmp_path: Path) -> None:
    late = EVENT.replace("2025-02-01", "2030-01-01").replace("2025-03-01", "2030-02-01")
    assert "mine/2030-02-01/25" in laid(tmp_path, HEAD + late).events


def test_a_what_if_before_the_record_begins_is_refused(tmp_path: Path) -> None:
    early = EVENT.replace("2025-02-01", "2017-01-01").replace("2025-03-01", "2017-02-01")
    assert refusals(tmp_path, HEAD + early) == ["mine.yaml:9: effective: 2017-02-01 is before the record begins, 2018-01-01"]


def test_a_second_live_level_beside_one_of_the_record_is_refused_with_its_id(tmp_path: Path) -> None:
    # The record has 20% from 4 March 2025 (EO 14228).
    (problem,) = refusals(tmp_path, FORTY.replace("2025-06-01", "2025-03-04").replace("2025-05-20", "2025-03-01"))
    assert problem.startswith("mine.yaml:3: rate: a second live level on 2025-03-04; the first is ieepa-fentanyl/2025-03-04/20")


def test_a_place_in_another_file_is_given_with_that_file(tmp_path: Path) -> None:
    # The program gives the line of the record's event alone, which reads as a line of the user's own file.
    (problem,) = refusals(tmp_path, FORTY.replace("2025-06-01", "2025-03-04").replace("2025-05-20", "2025-03-01"))
    assert "duties/us-on-cn/ieepa-fentanyl.yaml" in problem


def test_other_fields_of_a_duty_of_the_record_are_refused_each(tmp_path: Path) -> None:
    found = refusals(tmp_path, f"duty: ieepa-fentanyl\n{DUTY}")
    assert [problem.split(": ")[:2] for problem in found] == [
        ["mine.yaml:2", "title"],
        ["mine.yaml:3", "importer"],
        ["mine.yaml:4", "origin"],
        ["mine.yaml:5", "authority"],
        ["mine.yaml:6", "family"],
        ["mine.yaml:7", "scope"],
        ["mine.yaml:8", "covers"],
    ]
    assert all("ieepa-fentanyl is a duty of the record" in problem for problem in found)


def test_a_misspelt_duty_in_a_table_is_a_new_one_that_lacks_its_fields(tmp_path: Path) -> None:
    found = refusals(tmp_path, FORTY_CSV.replace("fentanyl", "fentanil"), "mine.csv")
    assert {problem.split(": ")[1] for problem in found} == {
        "title", "importer", "origin", "authority", "family", "scope", "covers",
    }  # fmt: skip
    assert all(problem.startswith("mine.csv:2: ") and problem.endswith(": is missing") for problem in found)


@pytest.mark.parametrize("name", ["mine.txt", "mine.json", "mine", "mine.csv.gz"])
def test_an_unknown_ending_is_refused(name: str, tmp_path: Path) -> None:
    (problem,) = refusals(tmp_path, FORTY, name)
    assert problem == f"{name}: the ending {Path(name).suffix!r} is not read; expected a .yaml or .csv file"


def test_the_mistakes_of_a_header_come_together(tmp_path: Path) -> None:
    header, row = FORTY_CSV.splitlines()
    wrong = header.replace("stated", "statd").replace("grade", "act")
    assert refusals(tmp_path, f"{wrong}\n{row}\n", "mine.csv") == [
        "mine.csv:1: act: stands twice in the header",
        "mine.csv:1: statd: unknown column; did you mean 'stated'?",
        "mine.csv:1: stated: is missing from the header",
    ]


def test_the_mistakes_of_all_rows_come_together(tmp_path: Path) -> None:
    header, row = FORTY_CSV.splitlines()
    rows = [row.replace("40%", "40"), f"{row},more", row.replace("ieepa-fentanyl", ""), row.replace(",C,", ",E,")]
    found = refusals(tmp_path, "\n".join([header, *rows]) + "\n", "mine.csv")
    assert [problem.split(": ")[0] for problem in found] == ["mine.csv:2", "mine.csv:3", "mine.csv:4", "mine.csv:5"]


def levels(*rates: str, scope: str = "all_goods") -> str:
    events = [EVENT.replace("2025-03-01", f"2025-0{month}-01").replace("25%", rate) for month, rate in enumerate(rates, start=3)]
    return HEAD.replace("scope: list", f"scope: {scope}") + "".join(events)


def test_a_level_that_looks_like_a_fraction_is_warned_of_beside_each_neighbour(tmp_path: Path) -> None:
    # 1.45 typed for 145.
    found = warned(tmp_path, levels("84%", "1.45%", "30%"))
    assert len(found) == 2
    assert all(message.startswith("mine.yaml:16: rate: 1.45% (mine/2025-04-01/1.45) beside ") for message in found)
    assert sorted(message.split("(")[2].split(")")[0] for message in found) == ["mine/2025-03-01/84", "mine/2025-05-01/30"]


def test_load_warns_and_still_returns_the_record(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(levels("145%", "1.45%"), encoding="utf-8")
    with pytest.warns(UserWarning, match=r"a fraction written as a percentage\?"):
        catalog = load(path, on_top=True)
    assert catalog.events["mine/2025-04-01/1.45"].rate == Decimal("1.45")


def test_a_folder_is_warned_of_too(tmp_path: Path) -> None:
    root = folder(tmp_path, **{"duties__us-on-cn__a": levels("1.45%", "145%")})
    with pytest.warns(UserWarning, match=r"duties/us-on-cn/a.yaml:9: rate: 1.45% \(a/2025-03-01/1.45\) beside 145%"):
        load(root)


@pytest.mark.parametrize(
    "text",
    [
        levels("0%", "145%", "0%"),
        levels("2%", "145%"),
        levels("1.45%", "10%"),
        levels("1.45%", "2.5%"),
        levels("1.45%", "145%", scope="list"),
        levels("1.45%", "unknown"),
    ],
    ids=["nothing", "two", "ten", "small-ones", "a-list", "unknown"],
)
def test_a_level_that_may_well_be_meant_is_not_warned_of(text: str, tmp_path: Path) -> None:
    assert warned(tmp_path, text) == []


def test_the_packaged_record_has_no_level_that_looks_like_a_fraction() -> None:
    assert list(oddities(packaged())) == []


def test_a_fraction_laid_between_levels_of_the_record_is_warned_of(tmp_path: Path) -> None:
    # In order of date it stands after the 20% of 4 March 2025. The program compares in order of the file, where an event
    # laid on top comes last, after the 0% of 2026, and says nothing.
    found = warned(tmp_path, FORTY.replace("40%", "0.4%"))
    assert [message for message in found if "ieepa-fentanyl/2025-03-04/20" in message]


def test_the_order_of_events_in_a_file_does_not_change_the_warning(tmp_path: Path) -> None:
    # In order of date 1.45 stands between 5 and 3; in the file between 84 and 30. The program goes by the file.
    text = HEAD.replace("scope: list", "scope: all_goods")
    for month, rate in ((3, "84%"), (6, "1.45%"), (8, "30%"), (5, "5%"), (7, "3%")):
        text += EVENT.replace("2025-03-01", f"2025-0{month}-01").replace("25%", rate)
    assert warned(tmp_path, text) == []


def test_a_name_with_a_space_behind_it_is_the_same_duty(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    text = "duty: 'ieepa-fentanyl '\nevents:\n- effective: 2025-06-01\n  stated: 2025-05-20\n  enacted: 2025-05-20\n  rate: 50%\n"
    path.write_text(f"{text}  act: what if\n  grade: C\n  sources:\n  - {{title: assumed}}\n", encoding="utf-8")
    catalog = load(path, on_top=True)
    assert [name for name in catalog.duties if name.startswith("ieepa-fentanyl")] == ["ieepa-fentanyl"]


def test_hidden_files_that_a_file_manager_leaves_are_passed_over(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "duties" / ".DS_Store").write_bytes(b"\0\0")
    assert load(root).duties


def test_a_catalog_is_shown_in_one_line() -> None:
    assert repr(load()).startswith("<Catalog 2026.10.09: 71 duties, ")
