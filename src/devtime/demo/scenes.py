"""What a stretch of a made-up day leaves behind: heartbeats of editors, agents, browsers and meetings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from devtime.demo.days import Stretch
from devtime.demo.people import Person
from devtime.demo.projects import File, Project, branch_of, files_of, pick_projects
from devtime.kernel.clock import HOUR_MS, MINUTE_MS, SECOND_MS
from devtime.kernel.digests import digest64
from devtime.wire.heartbeat import IDLE, Heartbeat

_AGENTS = (("claude-code", "Claude Code", 6), ("codex", "Codex", 3), ("opencode", "OpenCode", 1))


def play_stretch(person: Person, day: date, midnight_ms: int, stretch: Stretch, random: Random) -> Iterator[Heartbeat]:
    """The heartbeats of one stretch, each lane in order."""
    start_ms = midnight_ms + int(stretch.start_h * HOUR_MS)
    end_ms = midnight_ms + int(stretch.end_h * HOUR_MS)
    scene = _Scene(person, day, stretch.machine, random)
    if stretch.kind == "meeting":
        yield scene.meet(start_ms, end_ms)
    elif stretch.kind == "review":
        yield from scene.browse(start_ms, end_ms)
    else:
        yield from scene.write(start_ms, end_ms, is_hobby=stretch.kind == "hobby")


class _Scene:
    """One person at one machine on one day."""

    def __init__(self, person: Person, day: date, machine: str, random: Random) -> None:
        self._person = person
        self._day = day
        self._machine = machine
        self._random = random

    def meet(self, start_ms: int, end_ms: int) -> Heartbeat:
        """One heartbeat that declares how long it took."""
        [project] = pick_projects(self._random, self._day, 1)
        return self._beat(
            start_ms, "calendar", "Calendar", project, None, "meeting", duration_ms=end_ms - start_ms, branch=""
        )

    def browse(self, start_ms: int, end_ms: int) -> Iterator[Heartbeat]:
        """Code review in a browser: few heartbeats, no file."""
        [project] = pick_projects(self._random, self._day, 1)
        at_ms = start_ms
        while at_ms < end_ms:
            yield self._beat(at_ms, "firefox", "Firefox", project, None, "code reviewing")
            at_ms += int(self._random.uniform(40, 200) * SECOND_MS)

    def write(self, start_ms: int, end_ms: int, *, is_hobby: bool) -> Iterator[Heartbeat]:
        """An editor, and agents working beside it."""
        projects = pick_projects(self._random, self._day, 2, is_hobby=is_hobby)
        yield from self._edit(start_ms, end_ms, projects)
        at_ms = start_ms + int(self._random.uniform(0, 10) * MINUTE_MS)
        while at_ms < end_ms:
            length_ms = int(self._random.lognormvariate(2.2, 0.7) * MINUTE_MS)
            if self._random.random() < self._eagerness():
                yield from self._delegate(at_ms, min(at_ms + length_ms, end_ms + 10 * MINUTE_MS), projects[0])
            at_ms += int(self._random.uniform(4, 25) * MINUTE_MS)

    def _eagerness(self) -> float:
        """Agents are asked more often as the years go by."""
        years = (self._day.toordinal() - date(2025, 1, 1).toordinal()) / 365.25
        return min(0.95, self._person.eagerness * max(0.2, 0.5 + 0.3 * years))

    def _edit(self, start_ms: int, end_ms: int, projects: list[Project]) -> Iterator[Heartbeat]:
        tool, editor = self._person.editor
        random, pace_s = self._random, self._person.pace_s
        project, file = projects[0], self._open(projects[0])
        activity = "coding"
        at_ms = start_ms
        while at_ms < end_ms:
            yield self._beat(at_ms, tool, editor, project, file, activity, is_write=random.random() < 0.3)
            at_ms += int(min(random.expovariate(1 / pace_s), 600.0) * SECOND_MS) + random.randrange(1, 1_000)
            luck = random.random()
            if luck < 0.16:
                file = self._open(project)
            elif luck < 0.18:
                project = random.choice(projects)
                file = self._open(project)
            elif luck < 0.21:
                activity = random.choice(("coding", "coding", "debugging", "writing tests", "writing docs"))
        if random.random() < 0.1:
            yield self._beat(end_ms, tool, editor, project, file, IDLE)

    def _delegate(self, start_ms: int, end_ms: int, project: Project) -> Iterator[Heartbeat]:
        random = self._random
        tool, name, _ = random.choices(_AGENTS, [weight for *_, weight in _AGENTS])[0]
        session = f"{random.getrandbits(64):016x}"
        at_ms = start_ms
        while at_ms < end_ms:
            yield self._beat(
                at_ms,
                tool,
                name,
                project,
                self._open(project),
                "ai coding",
                session=session,
                is_write=random.random() < 0.4,
                tokens_in=random.randrange(500, 40_000),
                tokens_out=random.randrange(50, 3_000),
            )
            at_ms += int(random.uniform(10, 80) * SECOND_MS) + random.randrange(1, 1_000)

    def _open(self, project: Project) -> File:
        """Some files are opened far more often than others."""
        files = files_of(project)
        return files[min(int(self._random.expovariate(6 / len(files))), len(files) - 1)]

    def _beat(
        self,
        at_ms: int,
        tool: str,
        editor: str,
        project: Project,
        file: File | None,
        activity_type: str,
        *,
        branch: str | None = None,
        session: str = "",
        duration_ms: int | None = None,
        is_write: bool = False,
        tokens_in: int | None = None,
        tokens_out: int | None = None,
    ) -> Heartbeat:
        path = file.path if file else ""
        return Heartbeat(
            time_ms=at_ms,
            identity=digest64(b"demo", (str(at_ms), tool, path, session)),
            tool=tool,
            activity_type=activity_type,
            project=project.name,
            file=path,
            language=file.language if file else "",
            branch=branch_of(project, self._person.seed, self._day) if branch is None else branch,
            machine=self._machine,
            editor=editor,
            os=self._person.system,
            user_agent=f"devtime-demo/1.0 ({self._person.system}) {tool}",
            session=session,
            duration_ms=duration_ms,
            is_write=is_write,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
        )
