"""The document a widget lives in, and the policy that shuts it in. What runs in it is `static/plugin/frame.js`."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from hashlib import sha256

from devtime.web.design.promised import STYLE_SHEET
from devtime.web.render import STATIC

_HOST = re.compile(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,62})\.)+[a-z][a-z0-9-]{0,62}(?::\d{1,5})?", re.IGNORECASE)


def frame_headers(hosts: tuple[str, ...] = ()) -> dict[str, str]:
    """Headers of the document. `hosts` are the foreign ones the user let this plugin reach, by HTTPS only."""
    reached = " ".join(f"https://{host}" for host in hosts if _HOST.fullmatch(host))
    connected = reached or "'none'"
    rules = (
        "default-src 'none'",
        f"script-src 'sha256-{_script()[1]}' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        f"img-src data: blob: {reached}".rstrip(),
        "font-src data:",
        f"connect-src {connected}",
        "worker-src 'none'",
        "frame-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
        "sandbox allow-scripts",
    )
    return {
        "Content-Security-Policy": "; ".join(rules),
        "X-DNS-Prefetch-Control": "off",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), display-capture=(), clipboard-read=()",
        "Cache-Control": "no-store",
    }


@lru_cache(maxsize=1)
def draw_frame() -> bytes:
    """The document: an empty container, the style sheet of plugins, and the script that waits for a widget."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Widget</title>'
        f'<link rel="stylesheet" href="{STYLE_SHEET}"></head>'
        f'<body><div style="display: flow-root"></div><script>{_script()[0]}</script></body></html>'
    ).encode()


@lru_cache(maxsize=1)
def _script() -> tuple[str, str]:
    code = (STATIC / "plugin" / "frame.js").read_text("utf-8")
    return code, base64.b64encode(sha256(code.encode()).digest()).decode()
