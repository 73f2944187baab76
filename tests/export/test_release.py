from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import tariffs as tf
from tariffs.errors import OutputError
from tariffs.export.release import write_release

if TYPE_CHECKING:
    from pathlib import Path

# Frictionless warns of its own dependencies; its verdict is read in a process of its own.
VALIDATE = "import frictionless, sys; print(frictionless.validate(sys.argv[1]).flatten(['fieldName', 'type', 'note']))"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_release(tmp_path_factory.mktemp("release"))


def descriptor(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


def test_the_release_is_named_after_its_data_and_stands_in_latest_too(release: Path) -> None:
    assert release.name == "tariffs-2026.10.09"
    assert sorted(path.name for path in release.parent.iterdir()) == ["latest", "tariffs-2026.10.09"]
    for file in release.iterdir():
        assert (release.parent / "latest" / file.name).read_bytes() == file.read_bytes()


def test_a_scenario_has_a_folder_of_its_name_and_leaves_latest_alone(release: Path) -> None:
    before = (release.parent / "latest" / "datapackage.json").read_bytes()
    supposed = write_release(release.parent, catalog=tf.load("truce-to-2028", on_top=True))
    assert supposed.name == "tariffs-2026.10.09-truce-to-2028"
    assert (release.parent / "latest" / "datapackage.json").read_bytes() == before
    said = descriptor(supposed)
    assert said["name"] == "tariffs-truce-to-2028"
    assert said["description"].startswith(
        "Scenario truce-to-2028: truce to 10 January 2028; not the record. China's 24 suspended"
    )
    assert "Left out: average of us_on_row on the weights piie-implied is known as a whole" in said["description"]
    assert '"2028-01-10","cn_on_us","cn_on_us",34.0,"scheduled"' in (supposed / "cn_on_us.csv").read_text(encoding="utf-8")
    shutil.rmtree(supposed)


def test_frictionless_finds_every_file_to_be_what_the_descriptor_says(release: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", VALIDATE, str(release / "datapackage.json")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_descriptor_has_version_licence_sources_and_the_day_of_the_last_check(release: Path) -> None:
    said = descriptor(release)
    assert (said["version"], said["known_through"]) == ("2026.10.09", "2026-10-09")
    assert [licence["name"] for licence in said["licenses"]] == ["CC-BY-4.0"]
    assert said["sources"][0]["title"] == "tariffs, data version 2026.10.09, checked through 2026-10-09"
    assert any("Bown" in source["title"] and source["path"].startswith("https://www.piie.com") for source in said["sources"][1:])


def test_every_file_is_listed_with_its_size_and_its_hash(release: Path) -> None:
    listed = {resource["path"]: resource for resource in descriptor(release)["resources"]}
    assert set(listed) == {path.name for path in release.glob("*.csv")}
    for path, resource in listed.items():
        content = (release / path).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_every_series_that_can_be_asked_for_is_there(release: Path) -> None:
    record = tf.load()
    names = {path.stem for path in release.glob("*.csv")}
    assert {"events", "us_on_cn", "cn_on_us", "us_on_cn_average_piie_implied", "cn_on_us_covered_cn_imports_2017"} <= names
    for good in record.goods:
        assert any(f"_stack_{good.replace('-', '_')}" in name for name in names)


def test_a_file_has_the_rows_of_its_table(release: Path) -> None:
    back = pd.read_csv(release / "us_on_cn.csv", parse_dates=["date"])
    frame = tf.table("us_on_cn", scheduled=True)
    assert back["rate"].tolist() == frame["rate"].tolist()
    assert back["date"].tolist() == frame["date"].tolist()
    # EO 14266.
    assert back.loc[back["date"] == "2025-04-10", ["rate", "acts"]].to_numpy().tolist() == [[145.0, "EO 14228 | EO 14266"]]
    china = pd.read_csv(release / "cn_on_us.csv")
    # The agreement of September 2026, which no act was seen of.
    assert china.iloc[-1][["date", "rate", "standing"]].tolist() == ["2027-01-10", 34.0, "scheduled"]


def test_the_same_data_gives_the_same_release(release: Path, tmp_path: Path) -> None:
    again = write_release(tmp_path)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in release.iterdir()
    }


def test_a_release_that_is_interrupted_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "release"
    folder.mkdir()
    (folder / "latest").mkdir()
    (folder / "latest" / "old.csv").write_text("old", encoding="utf-8")

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_release(folder)
    assert [path.name for path in folder.iterdir()] == ["latest"]
    assert (folder / "latest" / "old.csv").read_text(encoding="utf-8") == "old"


def test_an_old_release_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "old.csv").write_text("old", encoding="utf-8")
    write_release(tmp_path)
    assert not (tmp_path / "latest" / "old.csv").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["latest", "tariffs-2026.10.09"]


def test_a_place_where_no_folder_can_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for place, said in (
        (tmp_path / "file", "is a file, expected a folder"),
        (tmp_path / "a" / "b", "does not exist"),
        ("", "is empty"),
    ):
        with pytest.raises(OutputError, match=said):
            write_release(place)
