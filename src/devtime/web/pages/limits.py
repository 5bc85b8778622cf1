"""The pages of AI limits, each with its `.json` twin from the same view; and forgetting a plan."""

from __future__ import annotations

from litestar import get, post
from litestar.di import NamedDependency

from devtime.kernel.errors import Invalid, NotFound
from devtime.server.identity import Identity
from devtime.server.limit_keeping import forget_plan
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.web.compose.limit_plan import SPANS, compose_limit_plan
from devtime.web.compose.limits import compose_limits
from devtime.web.pages.forms import read_form
from devtime.web.pages.frame import Page, answer_html, answer_json, chrome_of, go_to, read_word, reader_of


@get(["/limits", "/limits.json"])
async def show_limits(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """Every machine's plans; `?scope=detail` shows all of their lines."""
    scope = "detail" if read_word(request, "scope") == "detail" else "overview"
    view = await compose_limits(reader_of(parts, identity), scope)
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("limits", view, chrome_of(request, identity, is_live=True))


@get(["/limits/plan", "/limits/plan.json"])
async def show_limit_plan(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """One plan, `?id=…`, with the past of its lines over `days`."""
    view = await compose_limit_plan(reader_of(parts, identity), _read_id(read_word(request, "id")), _read_days(request))
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("limits/plan", view, chrome_of(request, identity, is_live=True))


@post("/limits/forget")
async def forget_limits(
    request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]
) -> Page:
    """Forget a plan with its past; a machine that still asks makes it anew."""
    form = await read_form(request)
    await forget_plan(parts, identity, _read_id(form.get("id", "")))
    return go_to("/limits", "The plan is forgotten.")


def _read_id(text: str) -> int:
    try:
        number = int(text) if len(text) <= 20 else None
    except ValueError:
        number = None
    if number is None or not -(2**63) <= number < 2**63:
        raise NotFound("No machine tells this plan.")
    return number


def _read_days(request: AnyRequest) -> int:
    word = read_word(request, "days", "7")
    if word not in {str(days) for days, _ in SPANS}:
        raise Invalid("days", "must be 1, 7, 30 or 90")
    return int(word)
