"""`/studio` and `/cteditor`: where plugins are written and tried. Runs, checks and publishing are the API's."""

from __future__ import annotations

from litestar import get
from litestar.di import NamedDependency

from devtime.marketplace.listings import list_own
from devtime.plugins.kit.templates import list_templates
from devtime.server.identity import Identity
from devtime.server.parts import Parts
from devtime.server.requests import AnyRequest
from devtime.web.pages.frame import Page, answer_html, answer_json, chrome_of
from devtime.web.render import STATIC
from devtime.web.views.studio import OwnPlugin, StudioView, TemplateChoice

EDITOR = STATIC / "built" / "editor.js"


@get(["/studio", "/cteditor", "/studio.json"])
async def show_studio(request: AnyRequest, parts: NamedDependency[Parts], identity: NamedDependency[Identity]) -> Page:
    """The page; its twin is what the scripts start from."""
    view = StudioView(
        user=str(identity.user_id),
        has_editor=EDITOR.is_file(),
        templates=tuple(
            TemplateChoice(each.id, each.title, each.about, each.manifest, each.script, each.trigger)
            for each in list_templates()
        ),
        mine=await _list_mine(parts, identity),
    )
    if request.url.path.endswith(".json"):
        return answer_json(view)
    return answer_html("studio", view, chrome_of(request, identity))


async def _list_mine(parts: Parts, identity: Identity) -> tuple[OwnPlugin, ...]:
    listings = await list_own(parts.database, identity.user_id)
    return tuple(OwnPlugin(each.name, each.display_name, each.version) for each in listings if each.is_published)
