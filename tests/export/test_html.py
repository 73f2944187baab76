from __future__ import annotations

import base64
import hashlib

import pytest

from tariffs.export.html import document, link

NASTY = "</script><img src=x onerror=alert(1)> & \"quotes\" 'too'"


def test_a_text_is_never_markup() -> None:
    page = document(NASTY, "", "", images="data:", data={"spec": f'"{NASTY}"'})
    assert "<img" not in page
    assert page.count("</script>") == 1


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "data:text/html,x", "//example.org", "ftp://example.org"])
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    assert link("a < b", url) == "a &lt; b"


def test_an_address_cannot_leave_its_attribute() -> None:
    assert link("x", 'https://example.org/"><img src=x>').count('"') == 4
    assert "<img" not in link("x", 'https://example.org/"><img src=x>')


def test_the_policy_names_the_one_script_and_the_one_style() -> None:
    page = document("t", "p {}", "<p>x</p>", images="data:", script="run()")
    for kind, text in (("script", "run()"), ("style", "p {}")):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page
    assert "script-src 'none'" in document("t", "", "", images="data:")
