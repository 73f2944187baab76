"""What other programs read from our files; run by `make test-extra`, which says what it skipped."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

import tariffs as tf

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.extra
MONTHS_IN_R = """
suppressMessages(library(haven))
months <- read_dta("months.dta")
months$day <- as.Date(sprintf("%d-%02d-01", 1960 + months$date %/% 12, months$date %% 12 + 1))
row <- months[months$day == as.Date("2025-04-01"), ]
cat(row$date, format(row$us_on_cn, digits = 10), format(row$cn_on_us, digits = 10), attr(months$us_on_cn, "label"), sep = "\\n")
"""
DAYS_IN_R = """
suppressMessages(library(haven))
table <- read_dta("table.dta")
cat(class(table$date), as.character(table$date[table$rate == 145]), sep = "\\n")
"""
CSV_IN_R = """
months <- read.csv("months.csv", comment.char = "#")
months$date <- as.Date(months$date)
cat(format(months$us_on_cn[months$date == as.Date("2025-04-01")], digits = 10), sep = "\\n")
"""


def run_r(program: str, folder: Path) -> list[str]:
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed (Debian: r-base-core, r-cran-haven)")
    done = subprocess.run(["Rscript", "-e", program], cwd=folder, capture_output=True, text=True, check=False)
    if "there is no package called" in done.stderr:
        pytest.skip("R lacks haven (Debian: r-cran-haven)")
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    months = tf.rates(["us_on_cn", "cn_on_us"], start="2025-01-01", freq="MS")
    for ending in ("dta", "csv", "xlsx"):
        tf.write(months, tmp_path / f"months.{ending}")
    tf.write(tf.table("us_on_cn", start="2025-01-01"), tmp_path / "table.dta")
    return tmp_path


def test_r_reads_april_2025_from_stata_s_months(folder: Path) -> None:
    # (20 * 4 + 30 * 4 + 104 + 145 * 21) / 30 and (84 * 2 + 125 * 19) / 30; April 2025 is month 783 of Stata.
    said = run_r(MONTHS_IN_R, folder)
    assert said[:4] == ["783", "111.6333333", "84.76666667", "US on China, across-the-board additional duty, percent"]


def test_r_reads_days_as_days(folder: Path) -> None:
    # EO 14266 of 9 April 2025.
    assert run_r(DAYS_IN_R, folder)[:2] == ["Date", "2025-04-10"]


def test_r_reads_the_csv_with_its_comments(folder: Path) -> None:
    assert run_r(CSV_IN_R, folder)[0] == "111.6333333"


def test_libreoffice_reads_dates_as_dates_and_texts_as_texts(folder: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-calc-nogui)")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        office,
        profile,
        "--headless",
        "--convert-to",
        "csv",
        "--outdir",
        str(folder / "back"),
        str(folder / "months.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    rows = (folder / "back" / "months.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "date,us_on_cn,cn_on_us"
    assert rows[4].startswith("2025-04-01,111.63333333")
