"""Names the made-up views are filled with: plausible ones, and ones meant to break a page."""

from __future__ import annotations

from dataclasses import dataclass

HOSTILE = (
    '<script>alert("x")</script>',
    "\"'><img src=x onerror=alert(1)>",
    "</title></style></svg><svg onload=alert(2)>",
    "javascript:alert(3)//" + "very-long-" * 24 + "name",
    "{{ 7 * 7 }} {% raw %} & &amp; `${1}`",
    "\u202eright-to-left \u0000 \U0001f600 日本語のプロジェクト",
)


@dataclass(frozen=True)
class Names:
    """The values a made-up user has, most used first."""

    projects: tuple[str, ...]
    languages: tuple[str, ...]
    tools: tuple[str, ...]
    machines: tuple[str, ...]
    branches: tuple[str, ...]
    files: tuple[str, ...]


RICH = Names(
    projects=("orbit-api", "orbit-web", "dotfiles", "notes", "billing-service", "charts", "", "infra", "playground"),
    languages=("Python", "TypeScript", "Rust", "Markdown", "SQL", "TOML", "CSS", ""),
    tools=("vscode", "claude-code", "neovim", "codex"),
    machines=("workbench", "laptop-14", "build-box"),
    branches=("main", "feature/streaming-import", "fix/dst-day", "release/2.4", ""),
    files=(
        "src/orbit/api/handlers.py",
        "src/orbit/store/queries.sql",
        "web/src/Dashboard.tsx",
        "README.md",
        "Makefile",
    ),
)
MANY = Names(
    projects=tuple(f"service-{index:02d}" for index in range(60)),
    languages=tuple(f"Language {index}" for index in range(24)),
    tools=(
        "vscode",
        "claude-code",
        "codex",
        "neovim",
        "zed",
        "pycharm",
        "cursor",
        "emacs",
        "xcode",
        "opencode",
        "helix",
    ),
    machines=tuple(f"runner-{index}.build.example.internal" for index in range(12)),
    branches=tuple(f"team/platform/feature-number-{index}-with-a-long-name" for index in range(30)),
    files=tuple(f"packages/service/src/deeply/nested/folder/structure/module_{index}.py" for index in range(40)),
)
NONE = Names((), (), (), (), (), ())
BAD = Names(projects=HOSTILE, languages=HOSTILE, tools=HOSTILE, machines=HOSTILE, branches=HOSTILE, files=HOSTILE)
