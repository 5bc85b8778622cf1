"""Charts as SVG: one file a chart, frozen data in, `Markup` out. No styling beyond classes: `charts.css` has it."""
