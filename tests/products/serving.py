"""A server on this machine that says what a test wants it to say."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tariffs.products.downloading import Patience


@dataclass
class Answer:
    """What the server says once: `sent` bytes of a body of which it announces `claimed`, silent for a while where it stalls."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    claimed: int | None = None
    sent: int | None = None
    stalls: bool = False
    ranges: bool = False


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[str] = []
        self.ranges: list[str | None] = []
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def says(self, path: str, *answers: Answer) -> str:
        self.answers[path] = list(answers)
        return f"{self.url}{path}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.server.ranges.append(self.headers.get("Range"))
        queue = self.server.answers[self.path]
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        status, body, headers = answer.status, answer.body, dict(answer.headers)
        if answer.ranges and "Range" in self.headers and self.headers["If-Range"] == headers["ETag"]:
            begin = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
            status, body = 206, body[begin:]
            headers["Content-Range"] = f"bytes {begin}-{len(answer.body) - 1}/{len(answer.body)}"
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if answer.claimed is None else answer.claimed))
        self.end_headers()
        self.wfile.write(body[: answer.sent])
        if answer.stalls:
            self.wfile.flush()
            self.server.over.wait(5)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


class Waits(list[float]):
    def patience(self, **fields: Any) -> Patience:
        return Patience(sleep=self.append, **{"timeout": 10.0} | fields)
