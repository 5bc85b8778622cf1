"""What the made-up developers' agents used: responses of models, along the heartbeats those agents left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from random import Random

from devtime.demo.models import ERAS, LOGGED_USD, SIDE_MODEL, pick_model
from devtime.kernel.digests import digest64
from devtime.wire.agents import agent_of
from devtime.wire.heartbeat import Heartbeat
from devtime.wire.usage import NANO, UsageEvent
from devtime.wire.usage_batch import MachineEvent

_MOST_CONTEXT = 165_000
"""Where an agent sums its conversation up and begins a shorter one."""


def answer_heartbeats(seed: int, heartbeats: Iterable[Heartbeat]) -> Iterator[MachineEvent]:
    """The responses that agents worked with, in the order of the heartbeats; the same for the same heartbeats."""
    sessions: dict[str, _Session] = {}
    for beat in heartbeats:
        agent = agent_of(beat.tool)
        if not beat.session or agent not in ERAS:
            continue
        session = sessions.get(beat.session)
        if session is None:
            session = sessions[beat.session] = _Session(agent, beat, Random(f"usage {seed} {beat.session}"))
        for event in session.answer(beat):
            yield MachineEvent(beat.machine, event)


class _Session:
    """A conversation whose prompt grows with each response; what was said before is read from the cache."""

    def __init__(self, agent: str, beat: Heartbeat, random: Random) -> None:
        self._agent = agent
        self._random = random
        self._id = _spell_uuid(beat.session)
        day = datetime.fromtimestamp(beat.time_ms / 1_000, UTC).date()
        self._model, self._provider = pick_model(agent, day, random)
        self._context = random.randrange(14_000, 22_000)
        self._is_cached = False
        self._count = 0

    def answer(self, beat: Heartbeat) -> Iterator[UsageEvent]:
        random = self._random
        for number in range(random.choice((1, 1, 1, 2))):
            yield self._respond(beat, beat.time_ms - number * random.randrange(1_500, 9_000))
        if self._agent == "claude" and random.random() < 0.06:
            yield self._delegate(beat)

    def _respond(self, beat: Heartbeat, time_ms: int) -> UsageEvent:
        random = self._random
        fresh = int(min(random.lognormvariate(7.3, 1.0), 25_000.0))
        output = int(min(random.lognormvariate(5.7, 1.0), 12_000.0)) + 1
        cached = self._context if self._is_cached and random.random() > 0.015 else 0
        written = fresh + self._context - cached
        self._context += fresh + output
        self._is_cached = True
        if self._context > _MOST_CONTEXT:
            self._context, self._is_cached = random.randrange(18_000, 30_000), False
        if self._agent == "claude":
            return self._event(
                beat, time_ms, self._model, (random.randrange(1, 12), output, cached), written_1h=written
            )
        reasoning = int(output * random.uniform(0.2, 0.7)) if self._agent == "codex" else 0
        is_anthropic = self._provider == "anthropic"
        inputs = random.randrange(1, 12) if is_anthropic else written
        return self._event(
            beat,
            time_ms,
            self._model,
            (inputs, output, cached),
            written=written if is_anthropic else 0,
            reasoning=reasoning,
        )

    def _delegate(self, beat: Heartbeat) -> UsageEvent:
        """A helper's response: a conversation of its own, on a smaller model."""
        random = self._random
        counts = (random.randrange(1, 400), random.randrange(80, 2_500), random.randrange(0, 30_000))
        written = random.randrange(2_000, 12_000)
        return self._event(beat, beat.time_ms, SIDE_MODEL, counts, written=written, is_sidechain=True)

    def _event(
        self,
        beat: Heartbeat,
        time_ms: int,
        model: str,
        counts: tuple[int, int, int],
        *,
        written: int = 0,
        written_1h: int = 0,
        reasoning: int = 0,
        is_sidechain: bool = False,
    ) -> UsageEvent:
        self._count += 1
        inputs, output, cached = counts
        cost_nusd = None
        if self._agent == "opencode":
            prices = LOGGED_USD[model]
            usd = sum(tokens * price for tokens, price in zip((*counts, written), prices, strict=True)) / 1e6
            cost_nusd = round(usd * NANO)
        return UsageEvent(
            key=digest64(b"demo usage", (self._id, str(self._count))),
            rank=inputs + output + cached + written + written_1h,
            agent=self._agent,
            time_ms=time_ms,
            session=self._id,
            model=model,
            provider=self._provider,
            folder=f"-home-dev-{beat.project}" if self._agent == "claude" else "",
            project=beat.project,
            branch=beat.branch,
            input_tokens=inputs,
            output_tokens=output,
            cache_read_tokens=cached,
            cache_write_tokens=written,
            cache_write_1h_tokens=written_1h,
            reasoning_tokens=reasoning,
            web_searches=1 if self._agent == "claude" and self._random.random() < 0.01 else 0,
            cost_nusd=cost_nusd,
            is_sidechain=is_sidechain,
        )


def _spell_uuid(session: str) -> str:
    """A session's name as agents spell theirs."""
    digits = f"{digest64(b'demo session', (session,)) & (2**64 - 1):016x}{session:0>16}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"
