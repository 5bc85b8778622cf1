"""The components of plugins' style sheet, each with HTML to copy: layout, numbers, controls, messages. Data only."""

from __future__ import annotations

from devtime.web.design.component import Component, ComponentGroup
from devtime.web.design.drawn import CHARTS
from devtime.web.design.written import FORMS, TEXT

_CARDS = ComponentGroup(
    "cards",
    "Cards and layout",
    (
        Component(
            "card",
            "Card",
            "The container of anything that stands for itself.",
            """<div class="card">
  <h3>Plugin title</h3>
  <p>A short description or metric value.</p>
</div>""",
        ),
        Component(
            "plugin-panel",
            "Plugin panel",
            "The card around a widget. It is there already: your container lies inside it.",
            """<div class="plugin-panel">
  <h3>Streak</h3>
  <div>12 days</div>
</div>""",
        ),
        Component(
            "grid",
            "Grid",
            "Two or three columns where there is room, one where there is not; grid-auto takes as many as fit.",
            """<div class="stack">
  <div class="grid-2">
    <div class="card">One</div>
    <div class="card">Two</div>
  </div>
  <div class="grid-3">
    <div class="card">One</div>
    <div class="card">Two</div>
    <div class="card">Three</div>
  </div>
  <div class="grid-auto">
    <div class="card">As many</div>
    <div class="card">as fit</div>
    <div class="card">in a line</div>
    <div class="card">of the panel</div>
  </div>
</div>""",
            is_wide=True,
        ),
        Component(
            "row",
            "Row and cluster",
            "A row puts a name left and its value right. A cluster sets small things side by side and wraps them.",
            """<div class="stack">
  <div class="row"><span>core-engine</span> <span class="mono">3h 12m</span></div>
  <div class="cluster">
    <span class="tag">api</span> <span class="tag">docs</span> <span class="tag">tests</span>
  </div>
</div>""",
        ),
    ),
)

_NUMBERS = ComponentGroup(
    "numbers",
    "Numbers",
    (
        Component(
            "stat-widget",
            "Stat widget",
            "A label, one large value, a note.",
            """<div class="card">
  <h3 style="font-size:11px; text-transform:uppercase; color:var(--text-dark); margin-bottom:8px;">Today</h3>
  <div style="font-size:28px; font-family:var(--font-mono); color:var(--text-main);">4h 22m</div>
  <div style="font-size:12px; color:var(--text-muted); margin-top:4px;">Rust</div>
</div>""",
        ),
        Component(
            "big",
            "Big value",
            "The same with classes, and how it compares.",
            """<div class="card">
  <div class="caps text-dark">This week</div>
  <div class="big">31h 05m</div>
  <div class="cluster">
    <span class="delta delta-more">+2h 10m</span>
    <span class="delta delta-less">−40m</span>
    <span class="delta">as before</span>
  </div>
</div>""",
        ),
        Component(
            "stats",
            "Stats",
            "Several values in a line.",
            """<dl class="stats">
  <div class="stat">
    <dt class="stat-label">Today</dt>
    <dd class="stat-value">4h 22m</dd>
    <dd class="stat-note">Rust</dd>
  </div>
  <div class="stat">
    <dt class="stat-label">Streak</dt>
    <dd class="stat-value">12 days</dd>
    <dd class="stat-note">longest 31</dd>
  </div>
  <div class="stat">
    <dt class="stat-label">Cost</dt>
    <dd class="stat-value">$1.84</dd>
    <dd class="stat-note">2 agents</dd>
  </div>
</dl>""",
        ),
    ),
)

_CONTROLS = ComponentGroup(
    "controls",
    "Buttons and tabs",
    (
        Component(
            "button",
            "Button",
            "For everything that does something. One of them at most is the main one.",
            """<div class="cluster">
  <button class="btn">Default</button>
  <button class="btn btn-primary">Primary</button>
  <button class="btn btn-danger">Delete</button>
  <button class="btn btn-quiet">Quiet</button>
  <button class="btn btn-small">Small</button>
  <button class="btn" disabled>Disabled</button>
</div>""",
        ),
        Component(
            "button-styled",
            "Button, styled in place",
            "Inline styles win over the style sheet.",
            """<div class="cluster">
  <button class="btn" style="border-color:var(--border-focus);">Outlined</button>
  <button class="btn" style="padding:4px 10px; font-size:11px;">Small</button>
</div>""",
        ),
        Component(
            "tab-group",
            "Tabs",
            "The chosen one is active; aria-selected does the same, and tells screen readers.",
            """<div style="display:flex; gap:16px;">
  <button class="code-tab active">Tab A</button>
  <button class="code-tab">Tab B</button>
</div>""",
        ),
        Component(
            "code-tabs",
            "Tabs above code",
            "To switch between snippets.",
            """<div style="border:1px solid var(--border); border-radius:var(--radius); overflow:hidden;">
  <div class="code-tabs">
    <button class="code-tab active">curl</button>
    <button class="code-tab">Python</button>
  </div>
  <pre style="margin:0; border:none; border-radius:0;"><code>curl -X POST /api/v1/heartbeat \\
  -H "X-API-Key: ct_xyz123"</code></pre>
</div>""",
        ),
    ),
)

_MESSAGES = ComponentGroup(
    "messages",
    "Labels, messages",
    (
        Component(
            "key-hint",
            "Key hint",
            "A small mono label, for a key, a language, a mark.",
            """<span class="key-hint">Rust</span>
<span class="key-hint">★</span>
<kbd>Ctrl</kbd> <kbd>Enter</kbd>
<span style="font-size:10px; color:var(--text-dark);">● Live</span>""",
        ),
        Component(
            "badge",
            "Badge",
            "A state, in words: colour is never the only sign.",
            """<span class="badge">draft</span>
<span class="badge badge-live">now</span>
<span class="badge badge-good">passed</span>
<span class="badge badge-warn">late</span>
<span class="badge badge-bad">failed</span>""",
        ),
        Component(
            "tag",
            "Tag",
            "A category; with a swatch, the one of a chart.",
            """<span class="tag">backend</span>
<span class="tag"><span class="swatch c0"></span>Rust</span>
<span class="tag"><span class="swatch c1"></span>TypeScript</span>""",
        ),
        Component(
            "message",
            "Message",
            "One sentence about what happened and what to do.",
            """<div class="stack">
  <p class="message">Nothing was sent yet.</p>
  <p class="message message-good" role="status">Imported 1,204 heartbeats.</p>
  <p class="message message-warn">The file holds days that are here already.</p>
  <p class="message message-bad" role="alert">⚠ Plugin error: the answer was not JSON.</p>
</div>""",
        ),
        Component(
            "tooltip",
            "Tooltip",
            "Shown by the pointer and by the keyboard.",
            """<p>Focus today:
  <span class="tooltip" tabindex="0">71%
    <span class="tooltip-text">3h 06m of 4h 22m</span></span></p>""",
        ),
        Component(
            "empty",
            "Empty state",
            "When there is nothing yet. Say what will fill it.",
            """<div class="card empty">
  <div class="empty-mark">—</div>
  No data yet
</div>""",
        ),
        Component(
            "loading",
            "Loading, and a status line",
            "While something is under way.",
            """<p style="color:var(--text-muted);">Loading live data...</p>
<div class="status" role="status">Waiting for file…</div>""",
        ),
    ),
)

COMPONENT_GROUPS = (_CARDS, _NUMBERS, _CONTROLS, _MESSAGES, CHARTS, FORMS, TEXT)
COMPONENTS = tuple(component for group in COMPONENT_GROUPS for component in group.components)
