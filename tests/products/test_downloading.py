from __future__ import annotations

import errno
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tariffs.errors import FetchError, OutputError, Problem, RecordError, UsageError
from tariffs.products.downloading import download
from tariffs.products.published import parse_json
from tests.products.serving import Answer, Server, Waits

WHOLE = json.dumps(["0101.21.00"] * 2000).encode()
NEWER = json.dumps(["0102.21.00"] * 2100).encode()


def is_list(content: bytes) -> None:
    if not isinstance(parse_json(content, "it"), list):
        raise RecordError([Problem("it", 0, "", "expected a list")])


def take(url: str, waits: Waits | None = None, *, part: Path | None = None, **fields: Any) -> bytes:
    patience = (Waits() if waits is None else waits).patience(**fields)
    return download(url, "hts.json", is_list, part=part, patience=patience)


def refusal(url: str, waits: Waits | None = None, *, part: Path | None = None, **fields: Any) -> str:
    with pytest.raises(FetchError) as refused:
        take(url, waits, part=part, **fields)
    return str(refused.value).replace(url, "URL")


def test_a_body_shorter_than_announced_is_asked_for_again(server: Server) -> None:
    url, waits = server.says("/a", Answer(WHOLE, sent=9000), Answer(WHOLE)), Waits()
    assert take(url, waits) == WHOLE
    assert waits == [2.0]


def test_a_body_that_stays_short_is_refused_after_waits_that_grow(server: Server) -> None:
    url, waits = server.says("/a", Answer(WHOLE, claimed=len(WHOLE) + 7)), Waits()
    message = f"hts.json: URL: broke off after {len(WHOLE):,} of {len(WHOLE) + 7:,} bytes; tried 4 times"
    assert refusal(url, waits, attempts=4) == message
    assert waits == [2.0, 4.0, 8.0]


def test_what_has_come_is_not_sent_again_where_the_server_can_resume(server: Server, tmp_path: Path) -> None:
    tag = {"ETag": '"1"'}
    url = server.says("/a", Answer(WHOLE, headers=tag, sent=9000, ranges=True), Answer(WHOLE, headers=tag, ranges=True))
    assert take(url, part=tmp_path / "hts.part") == WHOLE
    assert server.ranges == [None, "bytes=9000-"]
    assert list(tmp_path.iterdir()) == []


def test_a_part_is_resumed_by_the_next_run(server: Server, tmp_path: Path) -> None:
    tag, part = {"ETag": '"1"'}, tmp_path / "hts.part"
    url = server.says("/a", Answer(WHOLE, headers=tag, sent=9000, ranges=True), Answer(WHOLE, headers=tag, ranges=True))
    refusal(url, part=part, attempts=1)
    assert part.exists()
    assert take(url, part=part) == WHOLE
    assert server.ranges == [None, "bytes=9000-"]


def test_a_file_that_changed_between_two_tries_is_never_made_of_both(server: Server, tmp_path: Path) -> None:
    first = Answer(WHOLE, headers={"ETag": '"1"'}, sent=9000, ranges=True)
    url = server.says("/a", first, Answer(NEWER, headers={"ETag": '"2"'}, ranges=True))
    assert take(url, part=tmp_path / "hts.part") == NEWER


def test_a_server_that_cannot_resume_begins_anew(server: Server, tmp_path: Path) -> None:
    tag = {"Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT"}
    url = server.says("/a", Answer(WHOLE, headers=tag, sent=9000), Answer(WHOLE, headers=tag))
    assert take(url, part=tmp_path / "hts.part") == WHOLE
    assert server.ranges == [None, "bytes=9000-"]


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"1"'}])
def test_a_server_that_does_not_name_its_version_is_not_asked_to_resume(
    server: Server, tmp_path: Path, headers: dict[str, str]
) -> None:
    url = server.says("/a", Answer(WHOLE, headers=headers, sent=9000), Answer(WHOLE))
    assert take(url, part=tmp_path / "hts.part") == WHOLE
    assert server.ranges == [None, None]


@pytest.mark.parametrize(
    "wrong",
    [
        Answer(WHOLE[1:], 206, {"Content-Range": f"bytes 1-{len(WHOLE) - 1}/{len(WHOLE)}"}),
        Answer(WHOLE[9000:], 206, {"Content-Range": "bytes 9000-1/1", "ETag": '"2"'}),
        Answer(WHOLE[9000:], 206),
        Answer(b"", 416),
    ],
    ids=["another place", "another version", "no place", "no such range"],
)
def test_another_part_than_asked_for_begins_anew(server: Server, tmp_path: Path, wrong: Answer) -> None:
    url = server.says("/a", Answer(WHOLE, headers={"ETag": '"1"'}, sent=9000), wrong, Answer(WHOLE))
    assert take(url, part=tmp_path / "hts.part") == WHOLE
    assert server.ranges == [None, "bytes=9000-", None]


@pytest.mark.parametrize("head", [b'{"url": "http://127.0.0.1/b", "tag": "1"}', b"{}", b"[", b""])
def test_a_part_of_something_else_is_not_resumed(server: Server, tmp_path: Path, head: bytes) -> None:
    (tmp_path / "hts.part").write_bytes(head + b"\n[[")
    assert take(server.says("/a", Answer(WHOLE)), part=tmp_path / "hts.part") == WHOLE
    assert server.ranges == [None]


@pytest.mark.parametrize("sent", [0, 9000])
def test_a_server_that_stalls_is_left_and_asked_again(server: Server, sent: int) -> None:
    url, waits = server.says("/a", Answer(WHOLE, sent=sent, stalls=True), Answer(WHOLE)), Waits()
    assert take(url, waits, timeout=0.2) == WHOLE
    assert waits == [2.0]
    server.says("/a", Answer(WHOLE, sent=sent, stalls=True))
    assert refusal(url, attempts=2, timeout=0.2) == "hts.json: URL: sent nothing for 0.2 s; tried 2 times"


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (404, "answered 404 Not Found"),
        (403, "answered 403 Forbidden"),
        (400, "answered 400 Bad Request"),
        (204, "answered 204: there is nothing"),
    ],
)
def test_a_refusal_is_taken_at_its_word(server: Server, status: int, message: str) -> None:
    assert refusal(server.says("/a", Answer(status=status))) == f"hts.json: URL: {message}"
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 408])
def test_a_failure_that_may_pass_is_waited_out(server: Server, status: int) -> None:
    url, waits = server.says("/a", Answer(status=status), Answer(status=status), Answer(WHOLE)), Waits()
    assert take(url, waits) == WHOLE
    assert waits == [2.0, 4.0]


def test_the_wait_is_the_one_that_the_server_asks_for(server: Server) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    told = [{"Retry-After": "17"}, {"Retry-After": soon}, {"Retry-After": "soon"}]
    url, waits = server.says("/a", *(Answer(status=503, headers=headers) for headers in told), Answer(WHOLE)), Waits()
    assert take(url, waits) == WHOLE
    assert waits[0] == 17.0
    assert 90 < waits[1] <= 100
    assert waits[2] == 8.0


def test_a_server_that_asks_for_too_long_a_wait_is_given_up(server: Server) -> None:
    url, waits = server.says("/a", Answer(status=429, headers={"Retry-After": "86400"})), Waits()
    assert refusal(url, waits) == "hts.json: URL: answered 429 Too Many Requests; asks to wait 86,400 s"
    assert waits == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"error": "try later"}', """sent '{"error": "try later"}': expected a list; tried 3 times"""),
        (b"<html>\n <h1>Sorry</h1>", "sent '<html> <h1>Sorry</h1>': not JSON: Expecting value at column 1; tried 3 times"),
        (WHOLE[:9000], "not JSON: Unterminated string starting at column 8990 (the end: is the file truncated?); tried 3 times"),
        (b"", "sent '': not JSON: Expecting value at column 1 (the end: is the file truncated?); tried 3 times"),
    ],
)
def test_an_error_page_that_says_200_is_not_taken_for_the_file(server: Server, tmp_path: Path, body: bytes, message: str) -> None:
    url = server.says("/a", Answer(body, headers={"ETag": '"1"'}, ranges=True))
    assert refusal(url, part=tmp_path / "hts.part", attempts=3).endswith(message)
    assert server.ranges == [None, None, None]
    assert list(tmp_path.iterdir()) == []
    server.says("/a", Answer(body), Answer(WHOLE))
    assert take(url) == WHOLE


def test_a_disk_that_is_full_is_said_and_leaves_no_part(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, _: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

    opened = Path.open
    monkeypatch.setattr(Path, "open", lambda path, mode="r", **rest: Full() if mode == "ab" else opened(path, mode, **rest))
    with pytest.raises(OutputError, match=r"hts\.part: cannot be written: No space left on device"):
        take(server.says("/a", Answer(WHOLE)), part=tmp_path / "hts.part")
    assert list(tmp_path.iterdir()) == []


def test_a_server_may_lead_elsewhere_in_itself_but_not_to_another_host(server: Server) -> None:
    url = server.says("/a", Answer(status=302, headers={"Location": "/b"}))
    server.says("/b", Answer(WHOLE))
    assert take(url) == WHOLE
    server.says("/a", Answer(status=302, headers={"Location": f"http://localhost:{server.server_port}/b?key=1"}))
    assert refusal(url) == (f"hts.json: URL: leads to another host, http://localhost:{server.server_port}, which is not followed")
    server.says("/a", Answer(status=302, headers={"Location": "/data/missing_key.html"}))
    assert refusal(url) == "hts.json: URL: leads to /data/missing_key.html: the key for its interface is missing or wrong"


def test_a_server_that_is_not_there_is_named(server: Server) -> None:
    url = f"{server.url}/a"
    server.server_close()
    assert "URL: cannot be reached, or broke off: " in refusal(url, attempts=2)


@pytest.mark.parametrize("url", ["http://hts.usitc.gov/a", "ftp://hts.usitc.gov/a", "file:///etc/hosts", "hts.json"])
def test_other_addresses_than_https_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match="expected an address that begins with https://"):
        take(url)


def test_waits_are_told(server: Server) -> None:
    told: list[str] = []
    url = server.says("/a", Answer(status=503), Answer(WHOLE))
    download(url, "hts.json", is_list, patience=Waits().patience(), tell=told.append)
    assert told == ["hts.json: answered 503 Service Unavailable; again in 2 s, attempt 2 of 5"]
