"""The components of plugins' style sheet for writing: forms, code, text. Data only."""

from __future__ import annotations

from devtime.web.design.component import Component, ComponentGroup

_SIZES = ("2xl", "xl", "lg", "md", "sm", "xs")
_COLOURS = ("main", "muted", "dark", "accent", "danger", "warn")

FORMS = ComponentGroup(
    "forms",
    "Forms",
    (
        Component(
            "field",
            "Field",
            "The label first, a hint below; an error takes the hint's place.",
            """<div class="form">
  <label class="field"><span class="field-label">Goal</span>
    <input type="text" placeholder="4h a day">
    <span class="field-hint">Hours and minutes.</span></label>
  <label class="field has-error"><span class="field-label">Project</span>
    <input type="text" value="?" aria-invalid="true">
    <span class="field-error">No project has this name.</span></label>
</div>""",
        ),
        Component(
            "controls-of-forms",
            "Choices",
            "What HTML has, in DevTime's look.",
            """<div class="form">
  <label class="field"><span class="field-label">Range</span>
    <select><option>Last 7 days</option><option>Last 30 days</option></select></label>
  <label class="choice"><input type="checkbox" checked> Count agents</label>
  <label class="choice"><input type="radio" checked> By project</label>
  <label class="field"><span class="field-label">Threshold</span> <input type="range" min="0" max="10"></label>
  <label class="field"><span class="field-label">Note</span> <textarea rows="2"></textarea></label>
</div>""",
        ),
        Component(
            "input-styled",
            "Text input, styled in place",
            "From tokens alone.",
            """<input type="text" placeholder="Enter value…"
       style="width:100%; background:var(--bg); border:1px solid var(--border); border-radius:var(--radius-sm);
              padding:6px 10px; font-size:13px; font-family:var(--font-mono);
              color:var(--text-main); outline:none;">""",
        ),
        Component(
            "import-form",
            "File, button, progress, status",
            "An import, as a whole.",
            """<div style="display:flex; flex-direction:column; gap:10px; max-width:420px;">
  <input type="file" accept=".csv" aria-label="File to import"
         style="font-size:12px; font-family:var(--font-mono); color:var(--text-muted);">
  <button class="btn" disabled style="display:inline-flex; padding:4px 12px; font-size:12px;">Import CSV</button>
  <div style="width:100%; height:6px; background:var(--border); border-radius:4px; overflow:hidden;">
    <div style="width:0%; height:100%; background:var(--border-focus); border-radius:4px;"></div>
  </div>
  <div style="font-size:12px; color:var(--text-muted);">Waiting for file…</div>
</div>""",
        ),
    ),
)

TEXT = ComponentGroup(
    "writing",
    "Text and code",
    (
        Component(
            "headings",
            "Headings and text",
            "Elements need no class.",
            """<h3>A heading</h3>
<p>Text with <a href="#">a link</a>, <strong>weight</strong> and <code>/api/v1/heartbeat</code>.</p>
<hr>
<p class="text-muted">What explains it.</p>""",
        ),
        Component(
            "code",
            "Code block",
            "Long lines wrap.",
            """<pre><code>your code here</code></pre>""",
        ),
        Component(
            "sizes",
            "Sizes",
            "The six of the scale.",
            "\n".join(f'<div class="text-{size}">{size}</div>' for size in _SIZES),
        ),
        Component(
            "colours",
            "Colours of text",
            "All can be read on every surface, in both themes.",
            "\n".join(f'<div class="text-{colour}">text-{colour}</div>' for colour in _COLOURS),
        ),
        Component(
            "text-forms",
            "Forms of text",
            "Mono, capitals, centred, cut off; and text for screen readers only.",
            """<div class="mono">mono 4h 22m</div>
<div class="caps">caps</div>
<div class="center">center</div>
<div class="truncate">truncate: a line too long for its panel ends in three dots, wherever that may be in it</div>
<span class="sr-only">Read out, not shown.</span>""",
        ),
    ),
)
