// Every kind of line, made up: to look at, and to try a screen with. What is in mode.txt of its folder makes it fail.
(function () {
  "use strict"

  const HOUR_MS = 3600000

  function read(ctx, name) {
    const path = ctx.app.pluginDataDir + "/" + name
    return ctx.host.fs.exists(path) ? ctx.host.fs.readText(path).trim() : ""
  }

  function fail(mode) {
    if (mode === "string") throw "Not logged in. Write nothing into mode.txt, then refresh."
    if (mode === "error") throw new Error("this message is not shown")
    if (mode === "forever") for (;;);
    if (mode === "pending") return new Promise(() => {})
    if (mode === "empty") return { plan: "Mock", lines: [] }
    return { lines: "none" }
  }

  function probe(ctx) {
    const mode = read(ctx, "mode.txt")
    if (mode) return fail(mode)
    const nowMs = Date.parse(ctx.nowIso)
    const at = (hours) => ctx.util.toIso(nowMs + hours * HOUR_MS)
    const days = Array.from({ length: 14 }, (_, place) => ({
      label: at((place - 13) * 24).slice(0, 10), value: 2 + ((place * 7) % 11),
    }))
    return {
      plan: "Made up",
      lines: [
        ctx.line.progress({
          label: "Ahead", used: 12, limit: 100, format: { kind: "percent" }, resetsAt: at(2),
          periodDurationMs: 5 * HOUR_MS,
        }),
        ctx.line.progress({
          label: "Behind", used: 71, limit: 100, format: { kind: "percent" }, resetsAt: at(72),
          periodDurationMs: 168 * HOUR_MS,
        }),
        ctx.line.progress({ label: "Over", used: 320, limit: 300, format: { kind: "count", suffix: "requests" } }),
        ctx.line.text({ label: "Words", value: "Plain words", subtitle: "and more below them" }),
        ctx.line.badge({ label: "Status", text: "Well", color: "#16a34a" }),
        ctx.line.barChart({ label: "Days", points: days, note: "Nothing here is true." }),
      ],
    }
  }

  globalThis.__openusage_plugin = { id: "mock", probe }
})()
