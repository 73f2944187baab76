"""One file over HTTP: asked for again with growing waits, resumed where the server can, and whole or refused."""

from __future__ import annotations

import json
import re
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from tariffs.errors import FetchError, OutputError, Problem, RecordError, TariffsError, UsageError
from tariffs.products.published import MAX_BYTES
from tariffs.reading.scalars import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import Message
    from http.client import HTTPResponse
    from pathlib import Path
    from urllib.request import OpenerDirector

PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
LOOPBACK = ("127.0.0.1", "::1", "localhost")
BLOCK = 1 << 16  # bytes
BEGINNING = 200  # bytes of a wrong answer that a message may begin to show


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server is waited for.

    Attributes
    ----------
    attempts : int
        How often a file is asked for before it is given up.
    timeout : float
        How long a server may say nothing [seconds].
    wait : float
        Before the second attempt; each further wait is twice as long [seconds].
    longest : float
        A server that asks to be left alone for longer is taken at its word: the file is given up [seconds].
    sleep : callable
        Waits for a number of seconds.

    Examples
    --------
    >>> [Patience().before(attempt) for attempt in (2, 3, 4, 5)]
    [2.0, 4.0, 8.0, 16.0]
    """

    attempts: int = 5
    timeout: float = 60.0
    wait: float = 2.0
    longest: float = 300.0
    sleep: Callable[[float], None] = time.sleep

    def before(self, attempt: int) -> float:
        """Return how long to wait before an attempt, the second or a later one [seconds]."""
        return self.wait * 2.0 ** (attempt - 2)


class _RefusedError(TariffsError):
    """An answer that will be the same next time."""


class _PassingError(TariffsError):
    """A failure that may have passed next time; `after` is how long the server asks to wait [seconds]."""

    def __init__(self, message: str, after: float | None = None) -> None:
        self.after = after
        super().__init__(message)


def download(
    url: str,
    file: str,
    check: Callable[[bytes], object],
    *,
    part: Path | None = None,
    secret: str = "",
    patience: Patience | None = None,
    tell: Callable[[str], None] | None = None,
) -> bytes:
    """Return what stands at an address, whole.

    Parameters
    ----------
    url : str
        With https; http is for this very machine. A redirect to another host is not followed.
    file : str
        What messages call it.
    check : callable
        Raises `RecordError` for content that is not what it should be; then it is asked for again.
    part : Path, optional
        Where what has come is kept until all of it has, also between two runs. It is resumed if the server names the version that
        it sends, with an ETag or a date, and still has that version.
    secret : str
        What is added to the address when it is asked for, and stands in no message and no file.
    patience : Patience, optional
    tell : callable, optional
        Is told of every wait.

    Raises
    ------
    FetchError
        Where the server refuses, or does not send it whole in so many attempts.
    OutputError
        Where the part cannot be kept.
    UsageError
        For an address that is neither https nor on this machine.
    """
    opener = _opener(url)
    patience = patience or Patience()
    for attempt in range(1, patience.attempts + 1):
        try:
            content = _once(opener, url, secret, part, patience.timeout)
            _let_go(part)
            _checked(content, check)
        except _RefusedError as error:
            raise FetchError([Problem(file, 0, "", f"{url}: {error}")]) from error
        except _PassingError as error:
            wait = patience.before(attempt + 1) if error.after is None else error.after
            if attempt == patience.attempts or wait > patience.longest:
                fate = f"tried {attempt} times" if attempt > 1 else f"asks to wait {wait:,.0f} s"
                raise FetchError([Problem(file, 0, "", f"{url}: {error}; {fate}")]) from error
            if tell:
                tell(f"{file}: {error}; again in {wait:,.0f} s, attempt {attempt + 1} of {patience.attempts}")
            patience.sleep(wait)
        else:
            return content
    raise UsageError(f"attempts {patience.attempts}: expected at least 1")


def _once(opener: OpenerDirector, url: str, secret: str, part: Path | None, timeout: float) -> bytes:
    kept, tag = _kept(part, url)
    headers = {"User-Agent": f"tariffs/{version('tariffs')}", "Accept": "application/json", "Accept-Encoding": "identity"}
    if kept:
        headers |= {"Range": f"bytes={len(kept)}-", "If-Range": tag}
    try:
        with opener.open(Request(url + secret, headers=headers), timeout=timeout) as answer:
            return _received(answer, kept, tag, part, url)
    except HTTPError as error:
        with error:
            message = f"answered {error.code} {error.reason}".rstrip()
            if error.code == 416:
                _let_go(part)
            if error.code in PASSING or error.code == 416:
                raise _PassingError(message, _after(error.headers)) from error
            raise _RefusedError(message) from error
    except TimeoutError as error:
        raise _PassingError(f"sent nothing for {timeout:g} s") from error
    except (OSError, HTTPException) as error:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            raise _PassingError(f"sent nothing for {timeout:g} s") from error
        raise _PassingError(f"cannot be reached, or broke off: {str(reason) or type(reason).__name__}") from error


def _received(answer: HTTPResponse, kept: bytes, tag: str, part: Path | None, url: str) -> bytes:
    """Return what was kept with what is sent now, or only this where the server begins anew."""
    if answer.status == 204:
        raise _RefusedError("answered 204: there is nothing")
    sent_tag = _tag(answer.headers)
    if answer.status == 206:
        place = re.match(r"bytes ([0-9]+)-", answer.headers.get("Content-Range", ""))
        if not place or int(place[1]) != len(kept) or sent_tag not in ("", tag):
            _let_go(part)
            raise _PassingError("sent another part than it was asked for")
    else:
        kept, tag = b"", sent_tag
        _begin(part, url, tag)
    length = answer.headers.get("Content-Length", "")
    expected = len(kept) + int(length) if length.isdigit() else None
    content = bytearray(kept)
    while (expected is None or len(content) < expected) and (block := answer.read1(BLOCK)):
        content += block
        if len(content) > MAX_BYTES:
            raise _RefusedError(f"sent more than {MAX_BYTES:,} bytes")
        _append(part, block)
    if expected is not None and len(content) < expected:
        raise _PassingError(f"broke off after {len(content):,} of {expected:,} bytes")
    return bytes(content)


def _checked(content: bytes, check: Callable[[bytes], object]) -> None:
    try:
        check(content)
    except RecordError as error:
        first = error.problems[0]
        beginning = " ".join(content[:BEGINNING].decode("utf-8", "replace").split())
        raise _PassingError(f"sent {shown(beginning)}: {first.message}") from error


def _after(headers: Message[str, str]) -> float | None:
    """Return how long a server asks to wait [seconds]; it says so in seconds or by a date."""
    text = headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text)
    try:
        day = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (day.astimezone(UTC) - datetime.now(UTC)).total_seconds())


def _tag(headers: Message[str, str]) -> str:
    """Return what names the version of a file for sure; a weak ETag does not."""
    tag: str = headers.get("ETag", "")
    return headers.get("Last-Modified", "") if not tag or tag.startswith("W/") else tag


# A part begins with one line of JSON, which says what it is a part of: two files could come to disagree.


def _begin(part: Path | None, url: str, tag: str) -> None:
    if part:
        with _disk(part):
            part.write_bytes(json.dumps({"url": url, "tag": tag}).encode() + b"\n")


def _append(part: Path | None, block: bytes) -> None:
    if part:
        with _disk(part), part.open("ab") as stream:
            stream.write(block)


def _kept(part: Path | None, url: str) -> tuple[bytes, str]:
    """Return what has come of a file and which version of it, or nothing where that cannot be resumed."""
    if part is None or not part.exists():
        return b"", ""
    with _disk(part):
        head, _, content = part.read_bytes().partition(b"\n")
    try:
        said = json.loads(head)
        tag = str(said["tag"]) if said["url"] == url else ""
    except (ValueError, KeyError, TypeError):
        tag = ""
    return (content, tag) if tag and content else (b"", "")


def _let_go(part: Path | None) -> None:
    if part:
        with _disk(part):
            part.unlink(missing_ok=True)


@contextmanager
def _disk(part: Path) -> Iterator[None]:
    """Tell what fails on the disk from what fails on the way; a part that cannot be kept is not left behind."""
    try:
        yield
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise OutputError(f"{part}: cannot be written: {error.strerror or error}") from error


class _OneHost(HTTPRedirectHandler):
    """Follows a server within itself; elsewhere something else may stand, and a key would go along."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if "_key" in new.path:  # the Census Bureau's missing_key.html and invalid_key.html
            fp.close()
            raise _RefusedError(f"leads to {new.path}: the key for its interface is missing or wrong")
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            fp.close()
            raise _RefusedError(f"leads to another host, {new.scheme}://{new.netloc}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(url: str) -> OpenerDirector:
    parts = urlsplit(url)
    here = parts.hostname in LOOPBACK
    if not (parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and here))):
        raise UsageError(f"{url}: expected an address that begins with https://")
    return build_opener(_OneHost(), *([ProxyHandler({})] if here else []))
