"""The web page of a chart in a real browser, run by `make test-extra`, which says what it skipped."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest

import tariffs as tf
from tariffs.charts import alt_text, save
from tariffs.export.text import csv_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
pytestmark = pytest.mark.extra
# No network at all, and nothing of the user's.
SWITCHES = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-device-scale-factor=1", "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
PHONE, DESK = (400, 900), (1100, 1400)
PATIENCE = 10  # [s]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Return a function that saves a chart as a page and opens it."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if browser is None or driver is None:
        pytest.skip("Chromium is not installed (Debian: chromium, chromium-driver)")
    running = []

    def start(ax: Any, *, size: tuple[int, int] = DESK, scripts: bool = True, dark: bool = False) -> Any:
        path = save(ax, tmp_path / "chart.html")
        options = webdriver.ChromeOptions()
        options.binary_location = browser
        for switch in (*SWITCHES, f"--window-size={size[0]},{size[1]}", f"--user-data-dir={tmp_path / 'profile'}"):
            options.add_argument(switch)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        preferences: dict[str, Any] = {"download.default_directory": str(tmp_path / "downloads")}
        if not scripts:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        page = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        running.append(page)
        if dark:
            feature = {"name": "prefers-color-scheme", "value": "dark"}
            page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        page.get(path.as_uri())
        if scripts:
            until(lambda: page.find_elements("css selector", "#chart svg"))
        return page

    yield start
    for page in running:
        page.quit()


def until(found: Callable[[], Any]) -> Any:
    """Return what a function finds once it finds something."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        result = found()
        if result:
            return result
        time.sleep(0.05)
    raise AssertionError("not found in time")


def complaints(page: Any) -> list[str]:
    return [entry["message"] for entry in page.get_log("browser")]


def shown(page: Any, selector: str) -> bool:
    return bool(page.find_element("css selector", selector).is_displayed())


def hover(page: Any, x: float) -> str:
    """Return what the page says at a share of the plot's width."""
    plot = page.find_elements("css selector", "#chart svg .mark-rect.role-mark")[-1]
    width = plot.rect["width"]
    webdriver.ActionChains(page).move_to_element_with_offset(plot, (x - 0.5) * width, -20).perform()
    return str(until(lambda: page.execute_script("return document.querySelector('#vg-tooltip-element.visible')?.innerText")))


def test_hovering_says_level_duties_and_act_of_the_day(opened: Callable[..., Any]) -> None:
    # Of the 99 days from 1 March 2025, 20 April is the 51st.
    page = opened(tf.plot(start="2025-03-01", end="2025-06-08"))
    said = hover(page, 50.5 / 99)
    assert "12 April 2025 to 13 May 2025" in said
    assert "145% = 20% IEEPA fentanyl duty on China and Hong Kong (EO 14228)" in said
    assert "125% IEEPA reciprocal duty on China, Hong Kong and Macau (EO 14266)" in said
    assert "125% = 125% Chinese all-goods duty" in said
    assert complaints(page) == []


def test_the_strict_policy_of_the_page_refuses_nothing_that_it_needs(opened: Callable[..., Any]) -> None:
    page = opened(tf.plot())
    assert complaints(page) == []
    assert page.execute_script("return document.documentElement.className") == "live"
    assert shown(page, "#chart")
    assert not shown(page, "#picture")
    # The policy is at work: what it does not name does not run.
    page.execute_script("const s = document.createElement('script'); s.textContent = 'window.evil = 1'; document.body.append(s)")
    assert page.execute_script("return window.evil") is None


def test_the_page_asks_nobody_for_anything(opened: Callable[..., Any]) -> None:
    page = opened(tf.plot())
    asked = page.execute_script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in asked if not name.startswith("data:")] == []


def test_a_direction_can_be_left_out_with_the_keyboard(opened: Callable[..., Any]) -> None:
    page = opened(tf.plot())
    lines = "#chart svg .mark-line path"
    before = len(page.find_elements("css selector", lines))
    first, second = page.find_elements("css selector", "#lines input[type=checkbox]")
    assert [page.execute_script("return arguments[0].labels[0].innerText.trim()", box) for box in (first, second)] == [
        "US on China",
        "China on US",
    ]
    second.send_keys(" ")
    until(lambda: len(page.find_elements("css selector", lines)) < before)


def labels(page: Any) -> set[str]:
    return {text.text for text in page.find_elements("css selector", "#chart svg .role-axis-label text") if " 20" in text.text}


def turn_the_wheel(page: Any, *, ctrl: bool) -> None:
    box = page.find_element("css selector", "#chart svg").rect
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    turned = {"type": "mouseWheel", "deltaX": 0, "deltaY": -400, "modifiers": 2 if ctrl else 0}
    page.execute_cdp_cmd("Input.dispatchMouseEvent", place | turned)


def test_days_move_by_dragging_widen_by_the_wheel_with_ctrl_and_come_back_by_a_double_click(opened: Callable[..., Any]) -> None:
    page = opened(tf.plot())
    whole = until(lambda: labels(page))
    chart = page.find_element("css selector", "#chart svg")
    webdriver.ActionChains(page).click_and_hold(chart).move_by_offset(-200, 0).release().perform()
    moved = until(lambda: labels(page) != whole and labels(page))
    turn_the_wheel(page, ctrl=False)
    time.sleep(0.3)
    assert labels(page) == moved  # without Ctrl the wheel scrolls the page
    turn_the_wheel(page, ctrl=True)
    until(lambda: labels(page) != moved)
    webdriver.ActionChains(page).double_click(chart).perform()
    until(lambda: labels(page) == whole)


def test_the_download_gives_the_table(opened: Callable[..., Any], tmp_path: Path) -> None:
    page = opened(tf.plot("us_on_cn", start="2025-04-01", end="2025-05-20"))
    page.find_element("css selector", "a[download]").click()
    file = tmp_path / "downloads" / "chart.csv"
    until(file.exists)
    table = tf.table("us_on_cn", start="2025-04-01", end="2025-05-20")
    assert file.read_bytes() == csv_bytes(table.drop(columns="sources"))


def test_a_dot_opens_the_act(opened: Callable[..., Any]) -> None:
    page = opened(tf.plot("us_on_cn"))
    dots = page.find_elements("css selector", "#chart svg .mark-symbol path[aria-label]")
    assert "US on China, 145% from 10 April 2025" in [dot.get_attribute("aria-label") for dot in dots]
    links = page.execute_script(
        "return [...document.querySelectorAll('#chart svg .mark-symbol path')].map((dot) => dot.__data__?.datum.link)"
    )
    assert "https://www.federalregister.gov/citation/90-FR-15625" in links


def test_a_screen_reader_is_told_what_it_is_and_every_level(opened: Callable[..., Any]) -> None:
    ax = tf.plot()
    page = opened(ax)
    svg = page.find_element("css selector", "#chart svg")
    tree = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named = {(node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree if "role" in node}
    names = {name for _, name in named}
    assert svg.get_attribute("role") == "graphics-document" or ("graphics-document", alt_text(ax)) in named
    assert any("10 April 2025 to 11 April 2025, US on China 145%, China on US 84%" in name for name in names)
    assert ("heading", "US and Chinese across-the-board tariffs on each other's goods") in named
    assert {("checkbox", "US on China"), ("link", "Download as CSV")} <= {(role, name.strip()) for role, name in named}


def test_without_scripts_the_picture_and_the_table_remain(opened: Callable[..., Any]) -> None:
    page = opened(tf.plot(), scripts=False)
    assert shown(page, "#picture")
    assert not shown(page, "#chart")
    assert page.find_element("css selector", "#picture").rect["height"] > 300
    assert "145%" in page.find_element("css selector", "table").text


def test_a_phone_needs_no_scrolling_sideways(opened: Callable[..., Any]) -> None:
    page = opened(tf.plot(), size=PHONE)
    page.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 400, "height": 900, "deviceScaleFactor": 1, "mobile": True}
    )
    until(lambda: page.find_element("css selector", "#chart svg").rect["width"] <= 400)
    assert page.execute_script("return document.documentElement.scrollWidth") <= 400


def test_dark_mode_turns_the_page_dark_and_leaves_the_chart_on_white(opened: Callable[..., Any]) -> None:
    page = opened(tf.plot(), dark=True)
    color = "return getComputedStyle(document.querySelector(arguments[0])).backgroundColor"
    assert page.execute_script(color, "body") == "rgb(22, 24, 27)"
    assert page.execute_script(color, "figure") == "rgb(255, 255, 255)"


def test_on_paper_the_picture_is_printed(opened: Callable[..., Any]) -> None:
    page = opened(tf.plot())
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert shown(page, "#picture")
    assert not shown(page, "#chart")
    assert not shown(page, "#lines")
    assert shown(page, "table")


def test_texts_with_markup_stay_texts(opened: Callable[..., Any]) -> None:
    nasty = "</script><img src=x onerror=window.evil=1> &amp;"
    page = opened(tf.plot(title=nasty, note=nasty))
    assert page.find_element("css selector", "h1").text == nasty
    assert page.execute_script("return window.evil") is None
    assert complaints(page) == []
