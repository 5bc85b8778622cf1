"""What the made-up developers work on: projects with branches, languages and files. Data, and drawing from it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from math import cos, pi
from random import Random

import msgspec

_ENDINGS = {
    "Python": ".py", "TypeScript": ".ts", "TSX": ".tsx", "CSS": ".css", "HTML": ".html", "Rust": ".rs", "Go": ".go",
    "SQL": ".sql", "Markdown": ".md", "YAML": ".yml", "Shell Script": ".sh", "HCL": ".tf", "Kotlin": ".kt",
    "TOML": ".toml", "JSON": ".json", "Docker": ".Dockerfile", "Lua": ".lua", "Svelte": ".svelte",
}  # fmt: skip
_FOLDERS = ("core", "api", "store", "web", "jobs", "billing", "search", "auth", "ui", "tests", "tools", "import")
_NOUNS = (
    "account", "anchor", "batch", "budget", "cache", "calendar", "chart", "client", "cursor", "digest", "export",
    "filter", "gateway", "harbor", "index", "invoice", "journal", "keys", "layout", "ledger", "limits", "mail", "map",
    "notice", "orders", "parser", "planner", "prices", "queue", "range", "report", "router", "schema", "session",
    "signal", "storage", "stream", "table", "tide", "token", "upload", "vessel", "worker", "zones",
)  # fmt: skip
_VERBS = ("add", "cache", "fix", "improve", "migrate", "refactor", "rename", "retry", "speed-up", "split", "test")


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project: its languages with their shares, when in the year it matters most (0 … 1), and how much."""

    name: str
    languages: tuple[tuple[str, int], ...]
    files: int
    peak: float
    weight: float
    is_hobby: bool = False
    has_branches: bool = True


WORK = (
    Project(
        name="harbor-api",
        languages=(("Python", 70), ("SQL", 15), ("YAML", 5), ("Markdown", 5), ("TOML", 3), ("Docker", 2)),
        files=90,
        peak=0.15,
        weight=10.0,
    ),
    Project(
        name="harbor-web",
        languages=(("TypeScript", 40), ("TSX", 35), ("CSS", 15), ("HTML", 5), ("JSON", 5)),
        files=110,
        peak=0.6,
        weight=7.0,
    ),
    Project(
        name="tide-tables",
        languages=(("Go", 75), ("SQL", 10), ("Shell Script", 8), ("Markdown", 7)),
        files=60,
        peak=0.85,
        weight=5.0,
    ),
    Project(
        name="harbor-infra",
        languages=(("HCL", 50), ("YAML", 30), ("Shell Script", 15), ("Markdown", 5)),
        files=40,
        peak=0.4,
        weight=1.5,
    ),
    Project(name="handbook", languages=(("Markdown", 95), ("YAML", 5)), files=30, peak=0.0, weight=0.8),
    Project(name="pier-mobile", languages=(("Kotlin", 85), ("JSON", 15)), files=50, peak=0.95, weight=1.6),
)
HOBBIES = (
    Project(name="lanternfish", languages=(("Rust", 90), ("TOML", 10)), files=35, peak=0.9, weight=3.0, is_hobby=True),
    Project(
        name="dotfiles",
        languages=(("Lua", 50), ("Shell Script", 40), ("TOML", 10)),
        files=18,
        peak=0.2,
        weight=0.6,
        is_hobby=True,
        has_branches=False,
    ),
    Project(name="recipes", languages=(("Svelte", 70), ("JSON", 30)), files=24, peak=0.5, weight=1.0, is_hobby=True),
)


class File(msgspec.Struct, frozen=True):
    """A file of a project."""

    path: str
    language: str


def pick_projects(random: Random, day: date, count: int, *, is_hobby: bool = False) -> list[Project]:
    """What is worked on that day, the main thing first; seldom twice the same."""
    choices = HOBBIES if is_hobby else WORK
    season = day.timetuple().tm_yday / 366
    weights = [project.weight * (1.05 + cos(2 * pi * (season - project.peak))) for project in choices]
    return list(dict.fromkeys(random.choices(choices, weights, k=count)))


@lru_cache(maxsize=1024)
def files_of(project: Project) -> tuple[File, ...]:
    """Its files, those most worked on first."""
    random = Random(f"files {project.name}")
    names = [language for language, _ in project.languages]
    shares = [share for _, share in project.languages]
    found: dict[str, File] = {}
    while len(found) < project.files:
        language = random.choices(names, shares)[0]
        path = f"{random.choice(_FOLDERS)}/{'_'.join(random.sample(_NOUNS, random.choice((1, 1, 2))))}"
        path = f"/home/dev/{project.name}/{path}{_ENDINGS[language]}"
        found[path] = File(path, language)
    return tuple(found.values())


def branch_of(project: Project, person_seed: int, day: date) -> str:
    """The branch worked on that day: a feature branch lives for some days, some days are for the main one."""
    if not project.has_branches:
        return "main"
    random = Random(f"branch {project.name} {person_seed} {day.toordinal() // 5}")
    if random.random() < 0.2:
        return "main"
    return f"{random.choice(('feature', 'feature', 'fix'))}/{random.choice(_VERBS)}-{random.choice(_NOUNS)}"
