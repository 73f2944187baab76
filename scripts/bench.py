"""Measure what a user waits for: fresh processes, medians of ten, a table. Nothing is asserted here."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 10
TARIFFS = str(Path(sys.executable).with_name("tariffs"))

COMMANDS = {
    "tariffs --help": [TARIFFS, "--help"],
    "import tariffs": [sys.executable, "-c", "import tariffs"],
    "tariffs rate": [TARIFFS, "rate", "us_on_cn", "2025-04-15"],
    "tariffs explain": [TARIFFS, "explain", "us_on_cn", "2025-04-15"],
    "tariffs rate, average": [TARIFFS, "rate", "us_on_cn", "2025-04-15", "--measure", "average", "--weights", "piie-implied"],
    "tariffs plot": [TARIFFS, "plot"],
    "tariffs export": [TARIFFS, "export", "release"],
    "tariffs plot, averages since 2018": [TARIFFS, "plot", "--measure", "average", "--weights", "piie-implied"],
}
TIMED = "import time; {setup}; begin = time.perf_counter(); {work}; print(time.perf_counter() - begin)"
BOTH = "['us_on_cn', 'cn_on_us']"
AFTER_IMPORTS = {
    "read and check the record": ("import tariffs.loading as c", "c.load()"),
    "daily frame of every duty since 2018": (
        "import tariffs as tf, tariffs.frames; from tariffs.asking import packaged; packaged()",
        f"tf.levels({BOTH}, freq='D')",
    ),
    "the same, ten years longer": (
        "import tariffs as tf, tariffs.frames; from tariffs.asking import packaged; packaged()",
        f"tf.levels({BOTH}, freq='D', end='2036-10-09')",
    ),
    "monthly means of both directions since 2018": (
        "import tariffs as tf, tariffs.frames; from tariffs.asking import packaged; packaged()",
        f"tf.rates({BOTH}, freq='MS')",
    ),
    "daily averages of both directions since 2018": (
        "import tariffs as tf, tariffs.frames; from tariffs.asking import packaged; packaged()",
        f"tf.rates({BOTH}, measure='average', weights='piie-implied', freq='D')",
    ),
    "a thousand vintages of one direction": (
        "import pandas as pd, tariffs as tf, tariffs.vintage; from tariffs.asking import packaged; packaged()",
        "tf.vintages('us_on_cn', pd.date_range('2024-01-01', periods=1000).date)",
    ),
    "monthly means of every duty since 2018, warm": (
        f"import tariffs as tf; tf.levels({BOTH}, freq='MS', start='2026-01-01')",
        f"tf.levels({BOTH}, freq='MS')",
    ),
    "daily stacks of four goods since 2018": (
        "import tariffs as tf, tariffs.frames; from tariffs.asking import packaged; packaged()",
        "tf.rates(['us_on_cn'], measure='stack', good=['list-3', 'smartphone', 'electric-car', 'syringe'], freq='D')",
    ),
}
CHARTS = """
import resource
import tariffs as tf
from tariffs.charts import save
for number in range({charts}):
    save(tf.plot(width=84 + number % 90), "chart.png", dpi=72)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
LIMITS = {
    "tariffs --help": 0.15,
    "import tariffs": 0.15,
    "tariffs rate": 0.2,
    "tariffs explain": 0.2,
    "tariffs plot": 1.5,
    "read and check the record": 0.3,
    "daily frame of every duty since 2018": 0.2,
    "a thousand vintages of one direction": 1.0,
    "monthly means of every duty since 2018, warm": 0.05,
    "tariffs export": 5,
}
HEAVY = ("pandas", "pandera", "matplotlib")


def of_command(command: list[str], folder: str) -> float:
    """Return how long a process takes [s]."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - begin


def of_work(setup: str, work: str, folder: str) -> float:
    """Return how long a piece of work takes in a fresh process, imports left out [s]."""
    program = TIMED.format(setup=setup, work=work)
    return float(subprocess.run([sys.executable, "-c", program], cwd=folder, check=True, capture_output=True, text=True).stdout)


def loaded_by(program: str) -> list[str]:
    """Return which heavy libraries a program has loaded at its end."""
    listing = f"{program}; import sys; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    return subprocess.run([sys.executable, "-c", listing], check=True, capture_output=True, text=True).stdout.split()


def memory_after(charts: int, folder: str) -> float:
    """Return the most memory that a process takes which draws so many charts and saves each [MB]."""
    program = CHARTS.format(charts=charts)
    return float(subprocess.run([sys.executable, "-c", program], cwd=folder, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Print the table."""
    print(f"{'what':<46} {'median s':>9} {'limit':>6}   (of {RUNS} fresh processes)")
    with tempfile.TemporaryDirectory() as folder:
        rows = {name: [of_command(command, folder) for _ in range(RUNS)] for name, command in COMMANDS.items()}
        rows |= {name: [of_work(*work, folder) for _ in range(RUNS)] for name, work in AFTER_IMPORTS.items()}
        memory = {charts: memory_after(charts, folder) for charts in (10, 1000)}
    for name, times in rows.items():
        print(f"{name:<46} {statistics.median(times):>9.3f} {LIMITS.get(name, ''):>6}")
    print("most memory of one process:", ", ".join(f"{size:.0f} MB with {charts} charts" for charts, size in memory.items()))
    for program in ("import tariffs", "import tariffs as tf; tf.rate('us_on_cn', '2025-04-15')"):
        print(f"heavy libraries loaded by `{program}`: {', '.join(loaded_by(program)) or 'none'}")


if __name__ == "__main__":
    main()
