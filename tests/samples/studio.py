"""Made-up views of the studio."""

from __future__ import annotations

from devtime.plugins.kit.templates import list_templates
from devtime.web.views.studio import OwnPlugin, StudioView, TemplateChoice

OWNER_ID = "01999b74-7d4e-7c3b-9d53-3d8a5e0b1c11"


def make_studio(names: tuple[str, ...] = ("Focus hours", "Stand-up notes"), *, has_editor: bool = True) -> StudioView:
    """The studio of somebody who published plugins of those names."""
    return StudioView(
        user=OWNER_ID,
        has_editor=has_editor,
        templates=tuple(
            TemplateChoice(each.id, each.title, each.about, each.manifest, each.script, each.trigger)
            for each in list_templates()
        ),
        mine=tuple(OwnPlugin(f"plugin-{at}", name, "1.0.0") for at, name in enumerate(names)),
    )
