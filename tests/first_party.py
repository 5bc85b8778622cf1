"""The first-party probes and the services they ask: where each keeps its login, and what a service says to it."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOW_MS = 1_768_478_400_000
"""2026-01-15T12:00:00Z."""
_HOUR_MS = 3_600_000


def jwt(**claims: Any) -> str:
    """A token that says so, signed by nobody."""
    parts = (json.dumps(part).encode() for part in ({"alg": "none"}, claims, {}))
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


@dataclass(frozen=True)
class Case:
    """A probe: how its login is written (`old` or not), read back, and asked; `figures` are what it should tell."""

    id: str
    origins: tuple[str, ...]
    usage: str
    good: Any
    figures: tuple[tuple[Any, ...], ...]
    plan: str | None
    log_in: str
    write: Callable[[Path, str, bool], None] = lambda home, token, is_old: None
    environment: Callable[[str], Mapping[str, str]] = lambda token: {}
    refresh: str = ""
    renewed: Any = None
    saved: Callable[[Path], str] | None = None
    login_file: str = ""
    odd: tuple[Any, ...] = ()
    others: Mapping[str, Any] = field(default_factory=dict)


def _put(home: Path, path: str, content: str, mode: int = 0o600) -> None:
    file = home / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    file.chmod(mode)


def _json(home: Path, path: str) -> Any:
    return json.loads((home / path).read_text())


def _expiry(is_old: bool) -> int:
    return NOW_MS - 60_000 if is_old else NOW_MS + 3 * _HOUR_MS


def _claude(home: Path, token: str, is_old: bool) -> None:
    login = {
        "accessToken": token,
        "refreshToken": "r1",
        "expiresAt": _expiry(is_old),
        "subscriptionType": "max",
        "rateLimitTier": "default_claude_max_20x",
    }
    _put(home, ".claude/.credentials.json", json.dumps({"claudeAiOauth": login, "mcpOAuth": {"kept": True}}))


def _codex(home: Path, token: str, is_old: bool) -> None:
    day = "2026-01-01T00:00:00Z" if is_old else "2026-01-15T00:00:00Z"
    tokens = {"access_token": token, "refresh_token": "r1", "id_token": "i", "account_id": "acc"}
    _put(home, ".codex/auth.json", json.dumps({"OPENAI_API_KEY": None, "tokens": tokens, "last_refresh": day}), 0o640)


def _copilot(home: Path, token: str, is_old: bool) -> None:
    _put(home, ".config/github-copilot/apps.json", json.dumps({"github.com:Iv1": {"user": "a", "oauth_token": token}}))


CURSOR_STATE = ".config/Cursor/User/globalStorage/state.vscdb"


def _cursor(home: Path, token: str, is_old: bool) -> None:
    file = home / CURSOR_STATE
    file.parent.mkdir(parents=True)
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)")
        rows = {
            "cursorAuth/accessToken": jwt(sub=token, exp=_expiry(is_old) // 1_000),
            "cursorAuth/refreshToken": "r1",
            "cursorAuth/stripeMembershipType": "pro",
        }
        connection.executemany("INSERT INTO ItemTable VALUES (?, ?)", [(k, v.encode()) for k, v in rows.items()])
    connection.close()
    file.chmod(0o600)


def _cursor_token(home: Path) -> str:
    connection = sqlite3.connect(home / CURSOR_STATE)
    (value,) = connection.execute("SELECT value FROM ItemTable WHERE key = 'cursorAuth/accessToken'").fetchone()
    connection.close()
    return value if isinstance(value, str) else value.decode()


def _gemini(home: Path, token: str, is_old: bool) -> None:
    login = {
        "access_token": token,
        "refresh_token": "r1",
        "expiry_date": _expiry(is_old),
        "id_token": jwt(email="ada@example.org", hd="example.org"),
    }
    _put(home, ".gemini/oauth_creds.json", json.dumps(login))
    core = ".npm-global/lib/node_modules/@google/gemini-cli-core/dist/src/code_assist/oauth2.js"
    _put(home, core, "const OAUTH_CLIENT_ID = 'cli';\nconst OAUTH_CLIENT_SECRET = 'word';\n")


def _amp(home: Path, token: str, is_old: bool) -> None:
    _put(home, ".local/share/amp/secrets.json", json.dumps({"apiKey@https://ampcode.com/": token}))


_CLAUDE = {
    "five_hour": {"utilization": 42.0, "resets_at": "2026-01-15T14:00:00.123456+00:00"},
    "seven_day": {"utilization": 7, "resets_at": "2026-01-20T00:00:00Z"},
    "seven_day_opus": None,
    "extra_usage": {"is_enabled": True, "used_credits": 1250, "monthly_limit": 5000},
}
_WINDOW = {"used_percent": 31, "limit_window_seconds": 18_000, "reset_at": 1_768_485_600}
_CODEX = {
    "plan_type": "plus",
    "rate_limit": {
        "primary_window": {"used_percent": 5, "limit_window_seconds": 604_800, "reset_at": 1_768_900_000},
        "secondary_window": _WINDOW,
    },
    "credits": {"has_credits": True, "unlimited": False, "balance": "120.4"},
}
_COPILOT = {
    "copilot_plan": "individual_pro",
    "quota_reset_date": "2026-02-01",
    "quota_snapshots": {
        "premium_interactions": {"entitlement": 300, "remaining": 240, "percent_remaining": 80, "unlimited": False},
        "chat": {"percent_remaining": 100, "unlimited": True},
    },
}
_CURSOR = {
    "billingCycleStart": "1767225600000",
    "billingCycleEnd": "1769904000000",
    "planUsage": {"totalSpend": 742, "limit": 2000, "autoPercentUsed": 12, "apiPercentUsed": 40},
    "spendLimitUsage": {"individualLimit": 5000, "individualUsed": 500},
}
_GEMINI = {
    "buckets": [
        {"modelId": "gemini-2.5-pro", "remainingFraction": 0.8, "resetTime": "2026-01-16T00:00:00Z"},
        {"modelId": "gemini-3-pro-preview", "remainingFraction": 0.25, "resetTime": "2026-01-16T00:00:00Z"},
        {"modelId": "gemini-2.5-flash", "remainingFraction": 1, "resetTime": "2026-01-16T00:00:00Z"},
        {"modelId": "text-embedding", "remainingFraction": 0},
    ]
}
_OPENROUTER = {
    "data": {"limit": 50, "limit_remaining": 12.5, "limit_reset": "monthly", "usage_daily": 1.5, "is_free_tier": False}
}
_ZAI = {
    "code": 200,
    "success": True,
    "data": {
        "level": "pro",
        "limits": [
            {"type": "TIME_LIMIT", "unit": 5, "number": 1, "usage": 100, "currentValue": 28},
            {"type": "TOKENS_LIMIT", "unit": 6, "number": 1, "percentage": 9, "nextResetTime": 1_768_900_000_000},
            {"type": "TOKENS_LIMIT", "unit": 3, "number": 5, "percentage": 61, "nextResetTime": 1_768_485_600_000},
        ],
    },
}
_AMP = {
    "ok": True,
    "result": {
        "displayText": "Signed in as ada\nAmp Free: $7.50/$10 remaining (replenishes +$0.50/hour) - https://x\n"
        "Individual credits: $1,240.00 remaining - https://x"
    },
}

CASES = (
    Case(
        "claude",
        ("https://api.anthropic.com", "https://platform.claude.com"),
        "/api/oauth/usage",
        _CLAUDE,
        (("Session", 42, 100), ("Weekly", 7, 100), ("Extra usage", 12.5, 50)),
        "Max 20x",
        "Run `claude`",
        _claude,
        refresh="/v1/oauth/token",
        renewed={"access_token": "t2", "refresh_token": "r2", "expires_in": 3600},
        saved=lambda home: _json(home, ".claude/.credentials.json")["claudeAiOauth"]["accessToken"],
        login_file=".claude/.credentials.json",
        odd=({}, {"five_hour": {"utilization": "42"}}, {"five_hour": 5, "extra_usage": []}),
    ),
    Case(
        "codex",
        ("https://chatgpt.com", "https://auth.openai.com"),
        "/backend-api/wham/usage",
        _CODEX,
        (("Weekly", 5, 100), ("Session", 31, 100), ("Credits", "120 left")),
        "Plus",
        "Run `codex`",
        _codex,
        refresh="/oauth/token",
        renewed={"access_token": "t2", "refresh_token": "r2", "id_token": "i2"},
        saved=lambda home: _json(home, ".codex/auth.json")["tokens"]["access_token"],
        login_file=".codex/auth.json",
        odd=({}, {"rate_limit": {"primary_window": {"used_percent": None}}}, {"rate_limit": "none", "credits": 5}),
    ),
    Case(
        "copilot",
        ("https://api.github.com",),
        "/copilot_internal/user",
        _COPILOT,
        (("Premium requests", 60, 300),),
        "Individual Pro",
        "Run `gh auth login`",
        _copilot,
        odd=(
            {},
            {"quota_snapshots": {"chat": None}},
            {"limited_user_quotas": {"chat": "x"}, "monthly_quotas": {"chat": 5}},
        ),
    ),
    Case(
        "cursor",
        ("https://api2.cursor.sh",),
        "/aiserver.v1.DashboardService/GetCurrentPeriodUsage",
        _CURSOR,
        (("Included usage", 7.42, 20), ("Auto", 12, 100), ("Named models", 40, 100), ("On demand", 5, 50)),
        "Pro",
        "Sign in to Cursor",
        _cursor,
        refresh="/oauth/token",
        renewed={"access_token": "t2", "shouldLogout": False},
        saved=_cursor_token,
        login_file=CURSOR_STATE,
        odd=({}, {"planUsage": None}, {"billingCycleEnd": "soon", "planUsage": {"limit": "much"}}),
    ),
    Case(
        "gemini",
        ("https://cloudcode-pa.googleapis.com", "https://oauth2.googleapis.com"),
        "/v1internal:retrieveUserQuota",
        _GEMINI,
        (("Pro", 75, 100), ("Flash", 0, 100), ("Account", "ada@example.org")),
        "Workspace",
        "Run `gemini`",
        _gemini,
        refresh="/token",
        renewed={"access_token": "t2", "expires_in": 3599},
        saved=lambda home: _json(home, ".gemini/oauth_creds.json")["access_token"],
        login_file=".gemini/oauth_creds.json",
        odd=({}, {"buckets": "none"}, {"buckets": [None, 5, {"modelId": "x-pro", "remainingFraction": "all"}]}),
        others={
            "/v1internal:loadCodeAssist": {"currentTier": {"id": "free-tier"}, "cloudaicompanionProject": "p1"},
        },
    ),
    Case(
        "openrouter",
        ("https://openrouter.ai",),
        "/api/v1/key",
        _OPENROUTER,
        (("Key limit", 37.5, 50), ("Credits", 61, 80), ("Today", "$1.50")),
        "Pay as you go",
        "OPENROUTER_API_KEY",
        environment=lambda token: {"OPENROUTER_API_KEY": token},
        odd=({"data": {}}, {"data": {"limit": "much", "usage_daily": "x"}}),
        others={"/api/v1/credits": {"data": {"total_credits": 80, "total_usage": 61}}},
    ),
    Case(
        "zai",
        ("https://api.z.ai",),
        "/api/monitor/usage/quota/limit",
        _ZAI,
        (("Session", 61, 100), ("Weekly", 9, 100), ("Web searches", 28, 100)),
        "GLM Coding Pro",
        "ZAI_API_KEY",
        environment=lambda token: {"ZAI_API_KEY": token},
        odd=({"data": {"limits": []}}, {"data": {"limits": [None, {"type": "TOKENS_LIMIT", "percentage": "x"}]}}),
        others={"/api/biz/subscription/list": {"data": [{"status": "VALID", "productName": "GLM Coding Pro"}]}},
    ),
    Case(
        "amp",
        ("https://ampcode.com",),
        "/api/internal",
        _AMP,
        (("Free", 2.5, 10), ("Refills", "$0.50 an hour"), ("Credits", "$1240.00 left")),
        "Free",
        "Run `amp login`",
        _amp,
        odd=({"ok": True, "result": {"displayText": "Individual credits: $0 remaining"}},),
    ),
)
