"""Pieces of web pages: a document under a strict policy, links, and texts that are never taken for markup."""

from __future__ import annotations

import base64
import hashlib
from html import escape

DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
{scripts}</body>
</html>
"""


def document(title: str, style: str, body: str, *, images: str, data: dict[str, str] | None = None, script: str = "") -> str:
    """Return a page that loads nothing but what its policy names.

    Parameters
    ----------
    title : str
    style, body : str
        As CSS and as HTML.
    images : str
        Where pictures may come from, such as ``data:`` or ``'self'``.
    data : dict of str to str, optional
        Texts as JSON that a script finds by their names.
    script : str
        Nothing runs but this.
    """
    policy = {
        "default-src": "'none'",
        "script-src": _digest(script) if script else "'none'",
        "style-src": _digest(style),
        "img-src": images,
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    blocks = [f'<script type="application/json" id="{name}">{_inert(text)}</script>\n' for name, text in (data or {}).items()]
    blocks += [f"<script>{script}</script>\n"] if script else []
    return DOCUMENT.format(
        policy="; ".join(f"{name} {value}" for name, value in policy.items()),
        title=escape(title),
        style=style,
        body=body,
        scripts="".join(blocks),
    )


def link(text: str, url: str) -> str:
    """Return a text that leads to where it can be read; the text alone where that is no web address.

    Examples
    --------
    >>> link("90 FR 15625", "https://www.federalregister.gov/citation/90-FR-15625")
    '<a href="https://www.federalregister.gov/citation/90-FR-15625" rel="noopener noreferrer">90 FR 15625</a>'
    >>> link("a < b", "")
    'a &lt; b'
    """
    if not url.startswith(("https://", "http://")):
        return escape(text)
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{escape(text)}</a>'


def _inert(json: str) -> str:
    """Return JSON that cannot end the element it stands in."""
    return json.replace("<", "\\u003c")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
