"""From a model's name as agents spell it to the names a price list may know it by. Pure, and never by likeness.

Every name made here means the same model to its vendor: a route, a date, an effort or a spelling of the version is
taken off, nothing else. `is_same` then holds the price list to that: its own rules ("begins with …") are wider.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from devtime.wire.rates import Rate

LONGEST_NAME = 160
"""A model's name longer than this is none."""

SYNTHETIC = "<synthetic>"
"""What Claude Code writes where no model was asked; it costs nothing."""

PROVIDERS = {
    "anthropic": ("anthropic", "claude", "claude-code"),
    "openai": ("openai", "openai-codex", "codex", "chatgpt", "openai-native"),
    "google": (
        *("google", "gemini", "google-generative-ai", "google-gemini-cli", "antigravity", "google-antigravity"),
        *("vertex", "vertex-ai", "vertexai", "google-vertex", "google-vertex-anthropic", "publishers"),
    ),
    "github-copilot": ("github-copilot", "copilot", "github-copilot-enterprise", "copilot-chat"),
    "openrouter": ("openrouter",),
    "aws": ("aws", "bedrock", "amazon-bedrock", "aws-bedrock", "bedrock-converse", "amazon"),
    "azure": ("azure", "azure-openai", "azure-ai", "azure-cognitive-services"),
    "x-ai": ("x-ai", "xai", "grok"),
    "moonshotai": ("moonshotai", "moonshot", "kimi", "moonshot-ai", "moonshotai-cn", "kimi-for-coding", "kimi-coding"),
    "deepseek": ("deepseek", "deepseek-ai"),
    "zai": ("zai", "z-ai", "zai-org", "zai-coding-plan", "z.ai", "zhipuai", "zhipuai-coding-plan", "thudm"),
    "mistral": ("mistral", "mistralai"),
    "minimax": ("minimax", "minimaxai", "minimax-cn"),
    "groq": ("groq",),
    "cerebras": ("cerebras",),
    "fireworks": ("fireworks", "fireworks-ai", "accounts"),
    "together": ("together", "togetherai", "together-ai"),
    "novita": ("novita", "novita-ai"),
    "baseten": ("baseten",),
    "cohere": ("cohere",),
    "cursor": ("cursor",),
    "perplexity": ("perplexity",),
    "cloudflare": ("cloudflare", "cloudflare-workers-ai"),
}
"""The price list's provider → how agents call it, as a provider or in front of a `/`."""

PROVIDER_OF = {alias: provider for provider, aliases in PROVIDERS.items() for alias in aliases}

LOCAL = frozenset({"ollama", "lmstudio", "lm-studio", "llama.cpp", "llamacpp", "llama-cpp", "vllm", "mlx", "local"})
"""Programs that run a model at home. A vendor's price for the same weights is not the price of that."""

FAMILIES = (
    ("claude", "anthropic", "anthropic"),
    ("gpt-oss", "", "openai"),
    ("gpt-", "openai", "openai"),
    ("chatgpt-", "openai", "openai"),
    ("codex-", "openai", "openai"),
    ("o1", "openai", "openai"),
    ("o3", "openai", "openai"),
    ("o4", "openai", "openai"),
    ("gemini-", "google", "google"),
    ("grok-", "x-ai", "x-ai"),
    ("deepseek", "deepseek", "deepseek"),
    ("kimi-", "moonshotai", "moonshotai"),
    ("moonshot-", "moonshotai", "moonshotai"),
    ("glm-", "zai", "z-ai"),
    ("minimax-", "minimax", "minimax"),
    ("composer-", "cursor", ""),
    ("mistral-", "mistral", "mistralai"),
    ("magistral-", "mistral", "mistralai"),
    ("codestral", "mistral", "mistralai"),
    ("devstral", "mistral", "mistralai"),
    ("qwen", "", "qwen"),
)
"""How names begin → who makes the model, and the vendor's name in OpenRouter's list, asked when the maker has none."""

ALIASES = {
    # Sold under this name until GPT-5.1-Codex-Mini took its place, at the price of GPT-5 mini: OpenAI's page on Codex
    # models, 2025-11.
    "gpt-5-codex-mini": "gpt-5.1-codex-mini",
}
"""Names no list has, and the name the vendor sells the same model under. Reviewed; each with its source."""

_SELLERS = {"cursor": ("cursor",), "copilot": ("github-copilot",)}
"""Agents that bill by a price list of their own."""

_CLOSED = frozenset({"anthropic", "openai", "google", "x-ai"})
"""Makers whose models cost the same wherever they are sold. An open model has another price at each seller."""

_EFFORT = re.compile(r"-(?:thinking(?:-\d+k)?|minimal|low|medium|high|xhigh|extra-high|none)$")
_EFFORT_FAMILIES = ("claude", "gpt-", "gemini-", "o1", "o3", "o4", "codex-")
_LABEL = re.compile(r"^\[[\w .-]{1,24}\]\s*")
_BEDROCK = re.compile(r"^(?:[a-z]{2,6}(?:-gov)?\.)?(?:anthropic|openai|deepseek|qwen|moonshotai?|zai|mistral)\.")
_CLAUDE_END = re.compile(r"-v\d+:\d+(?::\d+k)?$|(?<=\d)-v1$|:0$|-latest$|-max$|\[1m\]$|-1m$|@default$")
_DATE = re.compile(r"[-@](?:20\d{6}|20\d\d-\d\d-\d\d)$|:latest$|:beta$|:thinking$")
_VERSION = re.compile(r"(?<=\d)-(?=\d{1,2}(?:-|$))")
_CLAUDE = re.compile(
    r"claude-(?:(?P<kind>[a-z]+)-(?P<a>\d{1,2})(?:[.-](?P<b>\d{1,2}))?|(?P<c>\d{1,2})(?:[.-](?P<d>\d{1,2}))?-(?P<late>[a-z]+))"
)
_HARMLESS = re.compile(
    r"(?:[-@:._](?:latest|preview|exp|experimental|beta|default|stable|v1|v\d:\d+|20\d{6}|20\d\d-\d\d-\d\d|\d\d-\d\d|\d\d-20\d\d|0\d\d|\d{4})|:\d{1,2})*"
)
_VENDOR_PREFIX = re.compile(r"(?:[a-z0-9-]{1,40}[./])*(?:minimax-)?")


class Name(NamedTuple):
    """What a model may be called: where to look, in order, and under which names, the most literal first."""

    providers: tuple[str, ...]
    names: tuple[str, ...]
    router_vendor: str
    """The vendor's name in OpenRouter's list, or `""`."""
    is_fast: bool


def read_name(rate: Rate) -> Name | None:
    """The names of a rate's model; None when it cannot be any price list's."""
    text = _LABEL.sub("", rate.model.strip().lower())
    if not text or len(text) > LONGEST_NAME or not text.isprintable():
        return None
    said = rate.provider.strip().lower().replace("_", "-")
    *route, bare = text.split("/")
    if said in LOCAL or any(part in LOCAL for part in route):
        return None
    providers = [PROVIDER_OF[said]] if said in PROVIDER_OF else []
    providers += [PROVIDER_OF[part] for part in (word.replace("_", "-") for word in route) if part in PROVIDER_OF]
    if _BEDROCK.match(bare):
        providers.append("aws")
    providers += _SELLERS.get(rate.agent, ())
    names = _spellings(bare)
    maker, router_vendor = _family(names)
    if route and not router_vendor:
        router_vendor = route[-1]
    if not providers or maker in providers or maker in _CLOSED:
        providers += [provider for provider in (maker, router_vendor and "openrouter") if provider]
    is_fast = rate.speed == "fast"
    if bare.endswith("-fast") and maker in ("anthropic", "openai"):
        is_fast = True
        names = _spellings(bare.removesuffix("-fast"))
    if route:
        names = tuple(dict.fromkeys((text, f"{route[-1]}/{bare}", *names)))
    return Name(tuple(dict.fromkeys(providers)), names, router_vendor, is_fast) if providers else None


def _family(names: tuple[str, ...]) -> tuple[str, str]:
    return next(
        ((maker, vendor) for start, maker, vendor in FAMILIES for name in names if name.startswith(start)), ("", "")
    )


def _spellings(bare: str) -> tuple[str, ...]:
    """The name as it is, then ever plainer, each with the version in dots and in dashes."""
    plainer = [bare]
    for _ in range(6):
        name = plainer[-1]
        cut = _BEDROCK.sub("", name)
        if cut == name:
            cut = _DATE.sub("", name)
        if cut == name and name.startswith("claude"):
            cut = _CLAUDE_END.sub("", name)
        if cut == name and name.startswith(_EFFORT_FAMILIES):
            cut = _EFFORT.sub("", name)
        if cut == name or not cut:
            break
        plainer.append(cut)
    spelled: list[str] = []
    for name in plainer:
        spelled.append(name)
        spelled.append(ALIASES.get(name, name))
        spelled.extend(_claude(name) if name.startswith("claude") else (_VERSION.sub(".", name, count=1),))
        if name.startswith("gemini-"):
            spelled.append(name.removesuffix("-preview") if name.endswith("-preview") else name + "-preview")
    return tuple(dict.fromkeys(spelled))


def _claude(name: str) -> tuple[str, ...]:
    """Both orders of kind and version, in dashes and dots; nothing when it is not plainly one Claude."""
    found = _CLAUDE.fullmatch(name)
    if not found:
        return ()
    kind = found["kind"] or found["late"]
    versions = [part for part in (found["a"] or found["c"], found["b"] or found["d"]) if part]
    dashes, dots = "-".join(versions), ".".join(versions)
    if int(versions[0]) >= 4:
        return f"claude-{kind}-{dashes}", f"claude-{kind}-{dots}"
    return f"claude-{dashes}-{kind}", f"claude-{dots}-{kind}"


def claude_version(names: tuple[str, ...]) -> tuple[int, int] | None:
    """The version of a Claude model, `(4, 6)`; None for other models."""
    for name in names:
        found = _CLAUDE.fullmatch(name)
        if found:
            return int(found["a"] or found["c"]), int(found["b"] or found["d"] or 0)
    return None


def is_harmless_end(rest: str, is_begun: bool = False) -> bool:
    """Whether what a name has beyond the one that is priced is a date or the like, and not another model.

    `is_begun`: the priced name ends within a date or with its separator.
    """
    return bool(_HARMLESS.fullmatch(rest) or (is_begun and _HARMLESS.fullmatch("-" + rest)))


def is_harmless_start(rest: str) -> bool:
    """Whether what a name has in front of the one that is priced is only a route."""
    return bool(_VENDOR_PREFIX.fullmatch(rest))
