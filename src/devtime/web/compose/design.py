"""The *Design* page's view, of the one table of tokens and components."""

from __future__ import annotations

from functools import lru_cache

from devtime.web.design.component import pin_styles
from devtime.web.design.components import COMPONENT_GROUPS
from devtime.web.design.promised import STYLE_SHEET
from devtime.web.design.tokens import THEMABLE, TOKEN_GROUPS
from devtime.web.views.design import DesignView, Specimen, SpecimenGroup


@lru_cache(maxsize=1)
def compose_design() -> DesignView:
    """Everything there is."""
    groups = tuple(
        SpecimenGroup(
            group.id,
            group.title,
            tuple(
                Specimen(
                    id=each.id,
                    title=each.title,
                    about=each.about,
                    classes=each.classes,
                    code=each.html,
                    shown=pin_styles(each)[0],
                    is_wide=each.is_wide,
                )
                for each in group.components
            ),
        )
        for group in COMPONENT_GROUPS
    )
    return DesignView(address=STYLE_SHEET, themable=THEMABLE, tokens=TOKEN_GROUPS, groups=groups)
