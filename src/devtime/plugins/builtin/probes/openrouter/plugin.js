// What an OpenRouter key may still spend, and what is left of the account's credits.
(function () {
  "use strict"

  const SERVICE = "https://openrouter.ai/api/v1/"
  const DAY_MS = 86400000

  // A file that is no text is as good as none.
  function readText(ctx, path) {
    try {
      return ctx.host.fs.exists(path) ? ctx.host.fs.readText(path) : ""
    } catch (error) {
      ctx.host.log.warn(String(error))
      return ""
    }
  }

  function findKey(ctx) {
    const key = ctx.host.env.get("OPENROUTER_API_KEY")
    if (key) return key
    const path = ctx.app.pluginDataDir + "/key.txt"
    const text = readText(ctx, path).trim()
    if (text) return text
    throw "No OpenRouter key. Set OPENROUTER_API_KEY, or put the key into " + path + "."
  }

  function call(ctx, name, key) {
    return send(ctx, { url: SERVICE + name, headers: { Authorization: "Bearer " + key, Accept: "application/json" } })
  }

  function send(ctx, request) {
    try {
      return ctx.util.request(request)
    } catch (error) {
      ctx.host.log.warn(String(error))
      throw "OpenRouter cannot be reached. Are you online?"
    }
  }

  function check(ctx, resp) {
    if (resp.status === 200) return
    if (ctx.util.isAuthStatus(resp.status)) throw "OpenRouter does not take this key. Make a new one at openrouter.ai/settings/keys."
    if (resp.status === 429) {
      const told = ctx.fmt.resetIn(Number(resp.headers["retry-after"]))
      throw "OpenRouter asks for patience" + (told ? "; tried again in " + told : "") + "."
    }
    throw "OpenRouter answered HTTP " + resp.status + ". It is tried again by itself."
  }

  // Limits begin anew at midnight UTC: each day, each Monday, each first of the month.
  function period(ctx, name) {
    const day = new Date(Date.parse(ctx.nowIso))
    const midnight = Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate())
    const spans = {
      daily: [midnight, midnight + DAY_MS],
      weekly: [0, midnight + (7 - ((day.getUTCDay() + 6) % 7)) * DAY_MS],
      monthly: [
        Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), 1), Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1),
      ],
    }
    const span = spans[name]
    if (!span) return {}
    const length = name === "weekly" ? 7 * DAY_MS : span[1] - span[0]
    return { resetsAt: ctx.util.toIso(span[1]), periodDurationMs: length }
  }

  function keyLimit(ctx, key) {
    if (!(key.limit > 0) || typeof key.limit_remaining !== "number") return []
    return [ctx.line.progress({
      label: "Key limit", used: Math.max(0, key.limit - key.limit_remaining), limit: key.limit,
      format: { kind: "dollars" }, ...period(ctx, key.limit_reset),
    })]
  }

  // Asked with a common key this is refused at times; the rest stands without it.
  function credits(ctx, key) {
    let told = null
    try {
      const resp = call(ctx, "credits", key)
      told = resp.status === 200 ? ctx.util.tryParseJson(resp.bodyText) : null
    } catch (error) {
      ctx.host.log.warn("credits: " + error)
    }
    const { total_credits: total, total_usage: used } = (told && told.data) || {}
    if (!(total > 0) || !(used >= 0)) return []
    return [ctx.line.progress({ label: "Credits", used, limit: total, format: { kind: "dollars" } })]
  }

  function spent(ctx, label, amount) {
    return typeof amount === "number" ? [ctx.line.text({ label, value: "$" + amount.toFixed(2) })] : []
  }

  function probe(ctx) {
    const key = findKey(ctx)
    const resp = call(ctx, "key", key)
    check(ctx, resp)
    const told = ctx.util.tryParseJson(resp.bodyText)
    if (!told || !told.data || typeof told.data !== "object") {
      throw "OpenRouter answered something else than figures. Is a proxy in the way?"
    }
    const lines = [
      ...keyLimit(ctx, told.data), ...credits(ctx, key),
      ...spent(ctx, "Today", told.data.usage_daily), ...spent(ctx, "This month", told.data.usage_monthly),
    ]
    if (!lines.length) lines.push(ctx.line.badge({ label: "Status", text: "No limits", color: "#16a34a" }))
    return { plan: told.data.is_free_tier ? "Free" : "Pay as you go", lines }
  }

  globalThis.__openusage_plugin = { id: "openrouter", probe }
})()
