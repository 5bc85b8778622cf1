"""What an AI agent used in one request, in the one form every log is read into and every machine sends."""

from __future__ import annotations

import msgspec

from devtime.wire.rates import Rate, prompt_class

NANO = 1_000_000_000
"""Costs that a log tells are kept in whole billionths of a US dollar."""

MOST_TOKENS = 10_000_000_000
"""A count above this, or below 0, is no count: the line is broken."""

MOST_COST_NUSD = 1_000 * NANO
"""A logged cost above this, or below 0, is none."""


class UsageEvent(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One response of a model, as an agent logged it. Absent text is `""`, absent counts are 0.

    `key` is a digest of what makes it one event at its agent (never of where the log lies), so the same log read on
    two machines gives the same keys. Of two events with one key the one of larger `rank` counts; of equal ranks the
    one whose log comes first.

    The counts do not overlap: a request's prompt is input + cache reads + cache writes, and what is billed as output is
    output + extra. Only `reasoning_tokens` repeats what is in output and extra already. `cost_nusd` is what the log
    says it cost (None: it does not say).
    """

    key: int
    rank: int = 0
    agent: str
    time_ms: int
    session: str
    model: str
    provider: str = ""
    folder: str = ""
    """What the agent calls the project, as it spells it (Claude Code: the folder below `projects`)."""
    cwd: str = ""
    """Where the agent worked: stays on the machine."""
    project: str = ""
    branch: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    """Written for five minutes, or for as long as the log does not say."""
    cache_write_1h_tokens: int = 0
    extra_tokens: int = 0
    """What a log's total has beyond its parts; billed as output."""
    reasoning_tokens: int = 0
    web_searches: int = 0
    cost_nusd: int | None = None
    speed: str = ""
    """`fast`, or nothing."""
    tier: str = ""
    """The service tier, where it is not the standard one: `batch`, `flex`, `priority`."""
    region: str = ""
    """Where inference was bound to (`us`), if it was."""
    is_sidechain: bool = False
    is_model_guessed: bool = False

    @property
    def prompt_tokens(self) -> int:
        """The length of the request's prompt, which long-context prices go by."""
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens + self.cache_write_1h_tokens

    @property
    def total_tokens(self) -> int:
        """Everything that was read and written."""
        return self.prompt_tokens + self.output_tokens + self.extra_tokens

    @property
    def rate(self) -> Rate:
        """What its price depends on besides the date."""
        return Rate(
            agent=self.agent,
            provider=self.provider,
            model=self.model,
            speed=self.speed,
            tier=self.tier,
            region=self.region,
            prompt_class=prompt_class(self.prompt_tokens),
            is_cost_logged=self.cost_nusd is not None,
            is_model_guessed=self.is_model_guessed,
        )
