"""The components of plugins' style sheet that show amounts: tables, bars, progress, charts. Data only."""

from __future__ import annotations

from devtime.web.design.component import Component, ComponentGroup

_DAYS = (("Mon", "1h 20m", 35), ("Tue", "3h 10m", 80), ("Wed", "2h 05m", 53), ("Thu", "3h 58m", 100))
_SERIES = (*[(f"c{number}", f"{number + 1}") for number in range(10)], ("c-other", "other"))


def _bars(bar: str) -> str:
    return "\n".join(bar.format(day=day, time=time, percent=percent) for day, time, percent in _DAYS)


CHARTS = ComponentGroup(
    "charts",
    "Tables and charts",
    (
        Component(
            "table",
            "Table",
            "The wrapper scrolls sideways where the panel is too narrow.",
            """<div class="table-wrapper">
  <table>
    <thead>
      <tr><th>Project</th><th>Language</th><th class="num">Time</th></tr>
    </thead>
    <tbody>
      <tr><td class="td-main">core-engine</td><td>Rust</td><td class="num">3h 12m</td></tr>
      <tr><td class="td-main">dashboard-ui</td><td>TypeScript</td><td class="num">1h 44m</td></tr>
    </tbody>
  </table>
</div>""",
        ),
        Component(
            "list",
            "List",
            "Rows of a name and a value.",
            """<ul class="list">
  <li class="row">
    <span class="truncate">core-engine</span>
    <span class="text-dark">3h 12m</span></li>
  <li class="row">
    <span class="truncate">a-project-whose-name-is-far-too-long-for-this-panel</span>
    <span class="text-dark">44m</span></li>
</ul>""",
        ),
        Component(
            "bars",
            "Bar chart",
            "A bar a day: height in per cent of the largest. The label is what screen readers read.",
            f"""<div class="bars" role="img" aria-label="Mon 1h 20m, Tue 3h 10m, Wed 2h 05m, Thu 3h 58m">
{_bars('  <div class="bar" title="{day} · {time}" style="height:{percent}%;"></div>')}
  <div class="bar bar-quiet" title="Fri · none yet" style="height:2%;"></div>
</div>
<div class="bars-labels"><span>Mon</span><span>Tue</span><span>Wed</span><span>Thu</span><span>Fri</span></div>""",
        ),
        Component(
            "bars-styled",
            "Bar chart, styled in place",
            "The same from tokens alone.",
            f"""<div style="display:flex; align-items:flex-end; gap:6px; height:80px;">
{
                _bars(
                    '''  <div title="{day} · {time}"
       style="flex:1; background:var(--border-focus); border-radius:2px 2px 0 0; height:{percent}%;"></div>'''
                )
            }
</div>""",
        ),
        Component(
            "language-bars",
            "Language bars",
            "Shares of a whole, with thin bars.",
            """<div class="stack" style="gap:10px;">
  <div>
    <div class="row text-xs mono" style="margin-bottom:4px;"><span>Rust</span> <span class="text-dark">62%</span></div>
    <div class="progress progress-thin c0"><div class="progress-fill" style="width:62%;"></div></div>
  </div>
  <div>
    <div class="row text-xs mono" style="margin-bottom:4px;"><span>Zig</span> <span class="text-dark">28%</span></div>
    <div class="progress progress-thin c1"><div class="progress-fill" style="width:28%;"></div></div>
  </div>
</div>""",
        ),
        Component(
            "language-bars-styled",
            "Language bars, styled in place",
            "The same from tokens alone.",
            """<div style="display:flex; justify-content:space-between; font-size:12px;
            font-family:var(--font-mono); margin-bottom:4px;">
  <span style="color:var(--text-main);">Rust</span>
  <span style="color:var(--text-dark);">62%</span>
</div>
<div style="height:3px; background:var(--border); border-radius:99px;">
  <div style="width:62%; height:100%; background:var(--border-focus); border-radius:99px;"></div>
</div>""",
        ),
        Component(
            "progress",
            "Progress",
            "Set the width from your script. The element of HTML looks the same.",
            """<div class="stack" style="gap:14px;">
  <div>
    <div class="row status" style="margin-bottom:6px;"><span>Importing…</span> <span>64%</span></div>
    <div class="progress"><div class="progress-fill" style="width:64%;"></div></div>
  </div>
  <progress value="64" max="100" aria-label="Importing">64%</progress>
  <div style="width:100%; height:6px; background:var(--border); border-radius:4px; overflow:hidden;">
    <div style="width:64%; height:100%; background:var(--border-focus); border-radius:4px; transition:width .2s;"></div>
  </div>
</div>""",
        ),
        Component(
            "series",
            "Colours of series",
            "The class colours bars, swatches and SVG shapes. All stand out from a card in both themes.",
            '<ul class="legend">\n'
            + "\n".join(f'  <li><span class="swatch {name}"></span>{label}</li>' for name, label in _SERIES)
            + "\n</ul>",
        ),
        Component(
            "heat",
            "Heat",
            "Shades of time, from none to most.",
            '<div class="cells" role="img" aria-label="Five days, each busier than the one before">\n'
            + "\n".join(f'  <span class="cell heat-{shade}"></span>' for shade in range(5))
            + "\n</div>",
        ),
    ),
)
