"""What other programs read from our files; run by `make test-extra`, which says what it skipped."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pypandoc
import pytest

import tariffs as tf
from tariffs.charts import alt_text, save, snippet

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

# LaTeX makes plain text of an alt text in this way where it writes tagged PDF (latex-lab-graphic.dtx); here it prints it.
PAPER = r"""
\documentclass{article}
\usepackage{graphicx}
\makeatletter
\ExplSyntaxOn
\define@key{Gin}{alt}{ \iow_term:x { ALT~\text_purify:n{#1} } }
\ExplSyntaxOff
\makeatother
\begin{document}
\listoffigures
See \ref{fig:us-china}.
"""
TRICKY = '</script><img onerror=x> & $34_5^6$ 100% {0} %s ~a~ \\textbf{b} \\ #c |d| [e], f=g "h" -- é'


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


def lualatex(folder: Path, paper: str) -> str:
    if shutil.which("lualatex") is None:
        pytest.skip("lualatex is not installed (Debian: texlive-luatex, texlive-latex-recommended)")
    (folder / "paper.tex").write_text(paper, encoding="utf-8")
    for _ in range(2):
        done = subprocess.run(
            ["lualatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env=os.environ | {"max_print_line": "10000"},
        )
        assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.mark.parametrize("title", [None, TRICKY])
@pytest.mark.parametrize("name", ["us-china.pdf", "us china_84 mm.pdf", "us-china.png"])
def test_lualatex_takes_the_snippet_and_reads_its_alt_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, title: str | None, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    chart = tf.plot("cn_on_us", title=title)
    lines = snippet(save(chart, name, dpi=72), "latex")
    (named,) = re.findall("label{(.*)}", lines)
    said = lualatex(tmp_path, PAPER.replace("fig:us-china", named) + lines + r"\end{document}")
    assert re.findall("^ALT (.*)$", said, flags=re.MULTILINE) == [alt_text(chart)]
    assert "undefined" not in said
    assert "Warning" not in said


def test_lualatex_builds_the_paper_of_the_documents(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "embedding.md").read_text(encoding="utf-8")
    save(tf.plot("cn_on_us"), tmp_path / "cn-on-us.pdf")
    (paper,) = re.findall(r"```latex\n(.*?)```", page, flags=re.DOTALL)
    assert "Warning" not in lualatex(tmp_path, paper)
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")


def office(folder: Path, file: str, kind: str) -> Path:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        pytest.skip("LibreOffice is not installed (Debian: libreoffice-calc-nogui, libreoffice-writer-nogui)")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [program, profile, "--headless", "--convert-to", kind, "--outdir", "back", file]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=180)
    made = (folder / "back" / file).with_suffix(f".{kind}")
    assert made.exists(), done.stderr
    return made


def test_libreoffice_finds_the_alt_text_in_a_word_file(tmp_path: Path) -> None:
    chart = tf.plot("cn_on_us")
    lines = snippet(save(chart, tmp_path / "cn-on-us.png", dpi=72), "markdown")
    pypandoc.convert_text(lines, "docx", format="markdown", outputfile=tmp_path / "memo.docx")
    content = office(tmp_path, "memo.docx", "fodt").read_text(encoding="utf-8")
    assert f"<svg:desc>{alt_text(chart)}</svg:desc>" in content


def test_libreoffice_reads_dates_as_dates_and_texts_as_texts(folder: Path) -> None:
    rows = office(folder, "months.xlsx", "csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "date,us_on_cn,cn_on_us"
    assert rows[4].startswith("2025-04-01,111.63333333")
