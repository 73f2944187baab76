"""What a kind of good bore on a day: sums done by hand from the acts, each in words beside its number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

import tariffs as tf
from tariffs import burdens
from tariffs.stacking import DISPLACEMENTS

SOLD_TO_CHINA = {"soybeans", "pork", "lng", "crude-oil", "passenger-car", "medical-device-from-us"}

# good, day, with MFN, metal share, total, sum; act or source
STACKS = [
    # Quiet days: before Section 301 and Section 232 nothing is added.
    ("unlisted", "2018-03-01", False, None, "0", "nothing on all Chinese goods before 2025"),
    ("list-1", "2018-07-05", False, None, "0", "the day before 83 FR 28710"),
    ("smartphone", "2018-06-01", True, None, "0", "Free; on no list yet"),
    ("electric-car", "2018-03-01", True, None, "2.5", "2.5 MFN alone"),
    ("steel-mill-product", "2018-03-22", False, None, "0", "the day before Proclamation 9705"),
    ("aluminium-derivative", "2018-03-23", False, 30, "0", "Proclamation 9704 reaches chapter 76 alone"),
    ("soybeans", "2018-07-05", True, None, "3", "3 MFN alone"),
    ("passenger-car", "2018-06-30", True, None, "25", "25 MFN, the day before the cut"),
    # The good on no list: the across-the-board duty.
    ("unlisted", "2025-04-08", False, None, "30", "20 fentanyl + 10 reciprocal = 30; EO 14228, EO 14257"),
    ("unlisted", "2025-04-10", False, None, "145", "20 fentanyl + 125 reciprocal = 145; EO 14266"),
    ("unlisted", "2026-07-24", False, None, "12.5", "12.5 forced labour; 91 FR 47318"),
    # The lists of Section 301.
    ("list-1", "2018-07-06", False, None, "25", "25 s301-list-1; 83 FR 28710"),
    ("list-1", "2025-02-04", False, None, "35", "25 s301-list-1 + 10 fentanyl = 35; EO 14195"),
    ("list-2", "2018-08-22", False, None, "0", "the day before 83 FR 40823"),
    ("list-2", "2018-08-23", False, None, "25", "25 s301-list-2; 83 FR 40823"),
    ("list-3", "2018-09-24", False, None, "10", "10 s301-list-3; 83 FR 47974"),
    ("list-3", "2019-05-09", False, None, "10", "10 s301-list-3; the step of January 2019 never came"),
    ("list-3", "2019-05-10", False, None, "25", "25 s301-list-3; 84 FR 20459"),
    ("list-3", "2025-04-15", False, None, "170", "25 s301-list-3 + 20 fentanyl + 125 reciprocal = 170"),
    ("list-3", "2025-05-14", False, None, "55", "25 s301-list-3 + 20 fentanyl + 10 reciprocal = 55; EO 14298"),
    ("list-3", "2026-02-24", False, None, "35", "25 s301-list-3 + 10 Section 122 = 35; Proclamation 11012"),
    ("list-3", "2026-07-24", False, None, "37.5", "25 s301-list-3 + 12.5 forced labour = 37.5; 91 FR 47318"),
    ("list-4a", "2019-09-01", False, None, "15", "15 s301-list-4a; 84 FR 45821"),
    ("list-4a", "2020-02-14", False, None, "7.5", "7.5 s301-list-4a; 85 FR 3741"),
    ("list-4a", "2025-04-15", False, None, "152.5", "7.5 s301-list-4a + 20 fentanyl + 125 reciprocal = 152.5"),
    ("list-4a", "2025-11-10", False, None, "27.5", "7.5 s301-list-4a + 10 fentanyl + 10 reciprocal = 27.5; EO 14357"),
    ("medical-device", "2025-04-15", False, None, "170", "25 s301-list-1 + 20 fentanyl + 125 reciprocal = 170"),
    ("medical-device", "2026-07-24", True, None, "37.5", "0 MFN + 25 s301-list-1 + 12.5 forced labour = 37.5"),
    # Exempt electronics: memorandum of 11 April 2025, back to the 5th; exempt lists of 2026.
    ("smartphone", "2019-12-20", False, None, "0", "List 4B suspended before its first day; 84 FR 69447"),
    ("smartphone", "2025-04-08", False, None, "20", "20 fentanyl; the exemption reaches back to 5 April"),
    ("smartphone", "2025-04-15", False, None, "20", "20 fentanyl + 0 of 125 reciprocal = 20"),
    ("smartphone", "2025-11-10", False, None, "10", "10 fentanyl; EO 14357"),
    ("smartphone", "2026-02-24", False, None, "0", "8517.13.00 in the annexes of Proclamation 11012"),
    ("smartphone", "2026-07-24", False, None, "0", "8517.13.00 under 9903.05.86"),
    ("laptop", "2025-04-15", False, None, "20", "20 fentanyl + 0 of 125 reciprocal = 20; heading 8471"),
    ("laptop", "2026-03-01", False, None, "0", "8471.30.01 in the annexes of Proclamation 11012"),
    ("laptop", "2026-07-24", False, None, "0", "8471.30.01 under 9903.05.86, CSMS 69326983"),
    # The four-year review stands in place of a list (R4), or alone.
    ("electric-car", "2018-07-06", True, None, "27.5", "2.5 MFN + 25 s301-list-1 = 27.5"),
    ("electric-car", "2024-09-27", True, None, "102.5", "2.5 MFN + 100 review in place of 25 = 102.5; 89 FR 76581"),
    ("syringe", "2024-09-26", False, None, "0", "on no list before the review"),
    ("syringe", "2024-09-27", False, None, "100", "100 review; 89 FR 76581"),
    ("syringe", "2025-04-15", False, None, "245", "100 review + 20 fentanyl + 125 reciprocal = 245"),
    ("syringe", "2026-03-01", True, None, "110", "0 MFN + 100 review + 10 Section 122 = 110"),
    ("syringe", "2026-07-24", False, None, "112.5", "100 review + 12.5 forced labour = 112.5"),
    ("solar-cell", "2018-02-07", False, None, "30", "30 s201-solar; Proclamation 9693"),
    ("solar-cell", "2018-08-23", False, None, "55", "30 s201-solar + 25 s301-list-2 = 55"),
    ("solar-cell", "2024-09-26", False, None, "39.25", "14.25 s201-solar + 25 s301-list-2 = 39.25"),
    ("solar-cell", "2024-09-27", False, None, "64.25", "14.25 s201-solar + 50 review in place of 25 = 64.25"),
    ("solar-cell", "2025-04-15", False, None, "209", "14 s201-solar + 50 review + 20 fentanyl + 125 reciprocal = 209"),
    ("solar-cell", "2026-02-07", False, None, "70", "0 s201-solar + 50 review + 10 fentanyl + 10 reciprocal = 70"),
    ("solar-cell", "2026-07-24", False, None, "62.5", "50 review + 12.5 forced labour = 62.5"),
    # A car under Section 232, on its full value: no reciprocal duty (R1), no Section 122 (R2), no forced labour (R3).
    ("electric-car", "2025-04-02", True, None, "122.5", "2.5 MFN + 100 review + 20 fentanyl = 122.5"),
    ("electric-car", "2025-04-15", True, None, "147.5", "2.5 MFN + 100 review + 25 cars + 20 fentanyl = 147.5; EO 14257, 3(b)"),
    ("electric-car", "2026-03-01", False, None, "125", "100 review + 25 cars = 125, not 135; 9903.03.06"),
    ("electric-car", "2026-07-24", False, None, "125", "100 review + 25 cars = 125, not 137.5; 9903.05.90"),
    # Steel, all metal and on its full value.
    ("steel-mill-product", "2018-03-23", False, None, "25", "25 s232-steel; Proclamation 9705"),
    ("steel-mill-product", "2019-09-01", False, None, "40", "25 s232-steel + 15 s301-list-4a = 40"),
    ("steel-mill-product", "2020-02-14", False, None, "32.5", "25 s232-steel + 7.5 s301-list-4a = 32.5"),
    ("steel-mill-product", "2024-09-27", False, None, "50", "25 s232-steel + 25 review in place of 7.5 = 50"),
    ("steel-mill-product", "2025-03-12", False, None, "70", "25 s232-steel + 25 review + 20 fentanyl = 70"),
    ("steel-mill-product", "2025-04-15", False, None, "70", "25 s232-steel + 25 review + 20 fentanyl = 70, not 195"),
    ("steel-mill-product", "2025-06-04", False, None, "95", "50 s232-steel + 25 review + 20 fentanyl = 95; Proclamation 10947"),
    ("steel-mill-product", "2025-11-10", False, None, "85", "50 s232-steel + 25 review + 10 fentanyl = 85"),
    ("steel-mill-product", "2026-03-01", False, None, "75", "50 s232-steel + 25 review = 75, not 85"),
    ("steel-mill-product", "2026-04-06", False, None, "75", "50 Annex I-A + 25 review = 75; Proclamation 11021"),
    ("steel-mill-product", "2026-07-24", True, None, "75", "0 MFN + 50 Annex I-A + 25 review = 75, not 87.5"),
    # An aluminium derivative, on its metal content until 5 April 2026. From 5 April to 3 June 2025 metals duty paid on a part
    # freed the whole from the reciprocal duty (EO 14257, 3(b); customs in May 2025: 9903.01.33 on both lines of the entry).
    # From 4 June the rest of the value bears it (CSMS 65236645).
    ("aluminium-derivative", "2025-03-11", False, 30, "45", "25 s301-list-3 + 20 fentanyl = 45, the day before it joins"),
    ("aluminium-derivative", "2025-03-12", False, 30, "52.5", "25 s301-list-3 + 20 fentanyl + 25 x 0.30 metals = 52.5"),
    (
        "aluminium-derivative",
        "2025-04-15",
        False,
        0,
        "170",
        "25 s301-list-3 + 20 fentanyl + 125 reciprocal = 170; no metal duty owed",
    ),
    (
        "steel-mill-product",
        "2025-04-05",
        False,
        None,
        "70",
        "25 s232-steel + 25 review + 20 fentanyl = 70, no reciprocal",
    ),
    ("aluminium-derivative", "2025-04-15", False, 30, "52.5", "25 s301-list-3 + 20 fentanyl + 25 x 0.30 metals = 52.5"),
    ("aluminium-derivative", "2025-04-15", False, 100, "70", "25 s301-list-3 + 20 fentanyl + 25 metals = 70"),
    ("aluminium-derivative", "2025-06-04", False, 0, "55", "25 s301-list-3 + 20 fentanyl + 10 reciprocal = 55"),
    (
        "aluminium-derivative",
        "2025-06-04",
        False,
        30,
        "67",
        "25 s301-list-3 + 20 fentanyl + 50 x 0.30 metals + 10 x 0.70 reciprocal = 67",
    ),
    ("aluminium-derivative", "2025-06-04", False, 100, "95", "25 s301-list-3 + 20 fentanyl + 50 metals = 95"),
    (
        "aluminium-derivative",
        "2025-11-10",
        True,
        30,
        "60.9",
        "3.9 MFN + 25 s301-list-3 + 10 fentanyl + 15 metals + 7 reciprocal = 60.9",
    ),
    ("aluminium-derivative", "2026-02-24", False, 0, "35", "25 s301-list-3 + 10 Section 122 = 35"),
    ("aluminium-derivative", "2026-02-24", False, 30, "47", "25 s301-list-3 + 50 x 0.30 metals + 10 x 0.70 Section 122 = 47"),
    ("aluminium-derivative", "2026-04-05", False, 100, "75", "25 s301-list-3 + 50 metals = 75"),
    ("aluminium-derivative", "2026-04-06", False, 0, "35", "25 s301-list-3 + 10 Section 122 = 35; no metal, no duty, 9903.82.01"),
    (
        "aluminium-derivative",
        "2026-04-06",
        False,
        30,
        "50",
        "25 s301-list-3 + 25 Annex I-B on the full value = 50, no Section 122",
    ),
    ("aluminium-derivative", "2026-07-23", True, 30, "53.9", "3.9 MFN + 25 s301-list-3 + 25 Annex I-B = 53.9"),
    ("aluminium-derivative", "2026-07-24", False, 30, "50", "25 s301-list-3 + 25 Annex I-B = 50, no forced labour; 9903.05.90"),
    ("aluminium-derivative", "2026-07-24", False, 100, "50", "25 s301-list-3 + 25 Annex I-B = 50"),
    # A floor that counts MFN in: heading 9903.82.10 sets 15 in place of an MFN rate of 4.2.
    ("machining-centre", "2018-07-06", True, None, "29.2", "4.2 MFN + 25 s301-list-1 = 29.2"),
    ("machining-centre", "2025-04-15", True, 50, "174.2", "4.2 MFN + 25 s301-list-1 + 20 fentanyl + 125 reciprocal = 174.2"),
    (
        "machining-centre",
        "2025-08-18",
        False,
        50,
        "75",
        "25 s301-list-1 + 20 fentanyl + 50 x 0.50 metals + 10 x 0.50 reciprocal = 75",
    ),
    ("machining-centre", "2026-04-06", True, None, "40", "25 s301-list-1 + 15 with MFN = 40; Proclamation 11021, Annex III"),
    ("machining-centre", "2026-04-06", False, None, "35.8", "25 s301-list-1 + (15 - 4.2) Annex III = 35.8"),
    ("machining-centre", "2026-07-24", True, None, "40", "25 s301-list-1 + 15 with MFN = 40, no forced labour"),
    # A car part leaves the metals duty (R5): EO 14289, section 3(a)(i), whatever its metal.
    ("car-bumper", "2020-02-08", False, None, "50", "25 s301-list-3 + 25 steel derivatives = 50; Proclamation 9980"),
    ("car-bumper", "2025-05-02", False, None, "70", "25 s301-list-3 + 20 fentanyl + 25 steel derivatives on the full value = 70"),
    ("car-bumper", "2025-05-03", False, None, "70", "25 s301-list-3 + 20 fentanyl + 25 car parts = 70, not 95"),
    ("car-bumper", "2025-06-04", False, 30, "70", "25 s301-list-3 + 20 fentanyl + 25 car parts = 70, with no metals duty at 50"),
    ("car-bumper", "2025-06-04", False, 100, "70", "25 s301-list-3 + 20 fentanyl + 25 car parts = 70, not 95 with metals at 50"),
    ("car-bumper", "2026-03-01", False, 30, "50", "25 s301-list-3 + 25 car parts on the full value = 50, no Section 122"),
    ("car-bumper", "2026-04-06", True, None, "52.5", "2.5 MFN + 25 s301-list-3 + 25 car parts = 52.5, without 25 of Annex I-B"),
    ("car-bumper", "2026-07-24", False, None, "50", "25 s301-list-3 + 25 car parts = 50, no forced labour"),
    # Chinese duties on American goods: layers add, none displaces another; importers' waivers are left out.
    ("soybeans", "2018-07-06", True, None, "28", "3 MFN + 25 list 1 = 28; SCTC [2018] No. 5"),
    ("soybeans", "2019-09-01", True, None, "33", "3 MFN + 25 list 1 + 5 list 4 = 33; SCTC [2019] No. 4"),
    ("soybeans", "2020-03-15", True, None, "30.5", "3 MFN + 25 list 1 + 2.5 list 4 = 30.5; SCTC [2020] No. 1"),
    ("soybeans", "2025-03-10", True, None, "40.5", "3 MFN + 27.5 lists + 10 farm = 40.5; SCTC 2025 No. 2"),
    ("soybeans", "2025-04-10", True, None, "124.5", "3 MFN + 27.5 lists + 10 farm + 84 all goods = 124.5; No. 5"),
    ("soybeans", "2025-04-12", True, None, "165.5", "3 MFN + 27.5 lists + 10 farm + 125 all goods = 165.5; No. 6"),
    ("soybeans", "2025-05-14", True, None, "50.5", "3 MFN + 27.5 lists + 10 farm + 10 all goods = 50.5; No. 7"),
    ("soybeans", "2025-11-10", True, None, "40.5", "3 MFN + 27.5 lists + 0 farm + 10 all goods = 40.5; No. 9, No. 10"),
    ("pork", "2018-04-02", True, None, "37", "12 MFN + 25 answer to Section 232 = 37; SCTC [2018] No. 13"),
    ("pork", "2019-09-01", True, None, "72", "12 MFN + 25 answer to Section 232 + 25 list 1 + 10 list 4 = 72"),
    ("pork", "2020-02-14", True, None, "63", "8 provisional MFN + 25 answer to Section 232 + 25 list 1 + 5 list 4 = 63"),
    ("pork", "2024-08-19", True, None, "67", "12 MFN + 25 answer to Section 232 + 25 list 1 + 5 list 4 = 67; USDA table"),
    ("pork", "2025-04-12", True, None, "202", "67 + 10 farm + 125 all goods = 202"),
    ("pork", "2025-11-10", True, None, "77", "67 + 0 farm + 10 all goods = 77"),
    ("lng", "2018-09-24", False, None, "10", "10 list 3; SCTC [2018] No. 8"),
    ("lng", "2019-06-01", True, None, "25", "0 MFN + 25 list 3 = 25; SCTC [2019] No. 3"),
    ("lng", "2025-04-12", False, None, "165", "25 list 3 + 15 energy + 125 all goods = 165"),
    ("crude-oil", "2020-02-14", False, None, "2.5", "2.5 list 4; 5 halved"),
    ("crude-oil", "2025-04-12", False, None, "137.5", "2.5 list 4 + 10 energy + 125 all goods = 137.5"),
    ("crude-oil", "2025-05-14", True, None, "22.5", "0 MFN + 2.5 list 4 + 10 energy + 10 all goods = 22.5"),
    ("passenger-car", "2018-07-01", True, None, "15", "15 MFN after the cut from 25"),
    ("passenger-car", "2018-07-06", True, None, "40", "15 MFN + 25 list 1 = 40"),
    ("passenger-car", "2019-01-01", True, None, "15", "15 MFN; list 1 suspended, SCTC [2018] No. 10"),
    ("passenger-car", "2019-12-20", True, None, "15", "15 MFN; the return of 15 December never came, SCTC [2019] No. 7"),
    ("passenger-car", "2025-02-10", True, None, "25", "15 MFN + 10 large engines = 25; SCTC 2025 No. 1"),
    ("passenger-car", "2025-05-14", True, None, "35", "15 MFN + 10 large engines + 10 all goods = 35"),
    ("medical-device-from-us", "2018-08-23", False, None, "25", "25 list 2; SCTC [2018] No. 7"),
    ("medical-device-from-us", "2025-04-12", False, None, "150", "25 list 2 + 125 all goods = 150"),
]

# good, day, as known on, total without MFN, sum; act or source
KNOWN_THEN = [
    ("list-3", "2019-01-01", "2018-10-01", "25", "25, the step fixed on 17 September 2018"),
    ("list-3", "2019-01-01", "2018-12-14", "10", "10, the step postponed that day"),
    ("list-4a", "2019-09-02", "2019-08-20", "10", "10 of 84 FR 43304"),
    ("list-4a", "2019-09-02", "2019-08-28", "15", "15 of the notice made public that day, 84 FR 45821"),
    ("smartphone", "2019-12-20", "2019-09-15", "15", "15 of List 4B, then still to come"),
    ("smartphone", "2019-12-20", "2019-12-13", "0", "List 4B suspended, 84 FR 69447"),
    ("solar-cell", "2022-02-07", "2022-02-01", "25", "25 s301-list-2 + 0, the safeguard still to end = 25"),
    ("solar-cell", "2022-02-07", "2022-02-04", "39.75", "25 s301-list-2 + 14.75 s201-solar = 39.75; Proclamation 10339"),
    ("syringe", "2025-04-09", "2025-04-05", "154", "100 review + 20 fentanyl + 34 reciprocal = 154; EO 14257, Annex I"),
    ("syringe", "2025-04-09", "2025-04-08", "204", "100 review + 20 fentanyl + 84 reciprocal = 204; EO 14259"),
    ("smartphone", "2025-04-10", "2025-04-10", "145", "20 fentanyl + 125 reciprocal = 145, a day before the exemption"),
    ("smartphone", "2025-04-10", "2025-04-11", "20", "20 fentanyl, exempt back to 5 April = 20"),
    ("laptop", "2025-04-15", "2025-04-10", "145", "20 fentanyl + 125 reciprocal = 145"),
    (
        "steel-mill-product",
        "2025-06-04",
        "2025-06-02",
        "70",
        "25 s232-steel + 25 review + 20 fentanyl = 70; the 50 stated, not yet law",
    ),
    ("steel-mill-product", "2025-06-04", "2025-06-03", "95", "50 s232-steel + 25 review + 20 fentanyl = 95; Proclamation 10947"),
    ("unlisted", "2025-08-12", "2025-05-20", "54", "20 fentanyl + 34 reciprocal, the 90 days over = 54; EO 14298"),
    ("unlisted", "2025-08-12", "2025-08-11", "30", "20 fentanyl + 10 reciprocal = 30; EO 14334"),
    ("passenger-car", "2019-04-01", "2019-02-01", "25", "25 of list 1, suspended for three months; SCTC 2018 No. 10"),
    ("passenger-car", "2019-04-01", "2019-03-31", "0", "the suspension prolonged; SCTC 2019 No. 1"),
    ("passenger-car", "2019-12-15", "2019-09-01", "25", "25 of list 1, the suspension to end; SCTC 2019 No. 5"),
    ("passenger-car", "2019-12-15", "2019-12-15", "0", "still suspended; SCTC 2019 No. 7"),
    ("soybeans", "2025-04-10", "2025-04-05", "71.5", "27.5 lists + 10 farm + 34 all goods = 71.5; SCTC 2025 No. 4"),
    ("soybeans", "2025-04-10", "2025-04-09", "121.5", "27.5 lists + 10 farm + 84 all goods = 121.5; No. 5"),
]


def direction_of(good: str) -> str:
    return "cn_on_us" if good in SOLD_TO_CHINA else "us_on_cn"


def named(row: tuple[object, ...]) -> str:
    return "-".join(str(cell) for cell in row[:-2] if cell not in (None, False)).replace("True", "mfn")


@pytest.mark.parametrize(("good", "day", "with_mfn", "metal_share", "total", "added_up"), STACKS, ids=map(named, STACKS))
def test_a_good_bears_what_the_acts_add_up_to(
    good: str, day: str, with_mfn: bool, metal_share: int | None, total: str, added_up: str
) -> None:
    found = tf.rate(direction_of(good), day, measure="stack", good=good, mfn=with_mfn, metal_share=metal_share)
    assert found == float(total), added_up


@pytest.mark.parametrize(("good", "day", "as_of", "total", "added_up"), KNOWN_THEN, ids=map(named, KNOWN_THEN))
def test_a_good_was_to_bear_what_was_known_by_then(good: str, day: str, as_of: str, total: str, added_up: str) -> None:
    assert tf.rate(direction_of(good), day, measure="stack", good=good, as_of=as_of) == float(total), added_up


@pytest.mark.parametrize("day", ["2018-08-01", "2025-04-09", "2025-04-10", "2025-04-12", "2025-05-14", "2025-11-10"])
@pytest.mark.parametrize("direction", ["us_on_cn", "cn_on_us"])
def test_a_good_on_no_list_bears_the_across_the_board_duty(direction: str, day: str) -> None:
    assert tf.rate(direction, day, measure="stack", good="unlisted") == tf.rate(direction, day)


def broken_rows() -> set[str]:
    """Return the hand-computed stacks that the engine no longer gives."""
    return {
        named(row)
        for row in STACKS
        if tf.rate(direction_of(row[0]), row[1], measure="stack", good=row[0], mfn=row[2], metal_share=row[3]) != float(row[4])
    }


def meets_a_good(number: int) -> bool:
    """Whether some kind of good bears a duty on either side of a rule; the truths of tariff lines hold the others."""
    rule, duties = DISPLACEMENTS[number], tf.load().duties.values()
    general = {duty.id for duty in duties if duty.scope == "all_goods"}
    sides = [{duty.id for duty in duties if side(duty)} for side in (rule.names, rule.beats)]
    borne = [general | {bearing.duty for bearing in good.bears} for good in tf.load().goods.values()]
    return any(all(side & duties for side in sides) for duties in borne)


RULES = [number for number in range(len(DISPLACEMENTS)) if meets_a_good(number)]


def test_the_rules_that_no_kind_of_good_is_under_are_known() -> None:
    others = [DISPLACEMENTS[number].loser for number in range(len(DISPLACEMENTS)) if number not in RULES]
    semiconductors = ["s232-vehicles", "s232-metals", "ieepa-fentanyl"]
    assert others == ["s232-wood", *semiconductors, "s232-auto-parts", "s232-drones-small", "s201-quartz-in-quota"]


@pytest.mark.parametrize("number", RULES)
def test_a_displacement_left_out_breaks_a_hand_computed_stack(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = DISPLACEMENTS[:number] + DISPLACEMENTS[number + 1 :]
    monkeypatch.setattr(burdens, "DISPLACEMENTS", kept)
    assert broken_rows(), DISPLACEMENTS[number].law


@pytest.mark.parametrize("number", RULES)
def test_a_displacement_a_day_late_breaks_a_hand_computed_stack(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = DISPLACEMENTS[number]
    late = replace(rule, since=rule.since + timedelta(days=1))
    if rule.loser == "s232-metals":
        late = replace(rule, since=date(2025, 5, 4))  # the first car parts came under Section 232 on 3 May 2025
    monkeypatch.setattr(burdens, "DISPLACEMENTS", (*DISPLACEMENTS[:number], late, *DISPLACEMENTS[number + 1 :]))
    assert broken_rows()


def test_the_order_of_the_displacements_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(burdens, "DISPLACEMENTS", DISPLACEMENTS[::-1])
    assert not broken_rows()
