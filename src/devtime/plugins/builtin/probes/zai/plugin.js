// How much of a GLM Coding plan of Z.ai is used, told with an API key.
(function () {
  "use strict"

  const SERVICE = "https://api.z.ai/api/"
  const DAY_MS = 86400000
  const HOUR_MS = 3600000
  const KEYS = "z.ai/manage-apikey/apikey-list"
  const UNIT_MS = { 1: DAY_MS, 3: HOUR_MS, 5: 30 * DAY_MS, 6: 7 * DAY_MS }

  function findKey(ctx) {
    const key = ctx.host.env.get("ZAI_API_KEY") || ctx.host.env.get("GLM_API_KEY")
    if (key) return key
    throw "No Z.ai key. Set ZAI_API_KEY to one from " + KEYS + "."
  }

  function call(ctx, path, key) {
    return send(ctx, {
      url: SERVICE + path, headers: { Authorization: "Bearer " + key, Accept: "application/json" },
    })
  }

  function send(ctx, request) {
    try {
      return ctx.util.request(request)
    } catch (error) {
      ctx.host.log.warn(String(error))
      throw "Z.ai cannot be reached. Are you online?"
    }
  }

  function check(ctx, resp) {
    if (resp.status === 200) return
    if (ctx.util.isAuthStatus(resp.status)) throw refused()
    if (resp.status === 429) {
      const told = ctx.fmt.resetIn(Number(resp.headers["retry-after"]))
      throw "Z.ai asks for patience" + (told ? "; tried again in " + told : "") + "."
    }
    throw "Z.ai answered HTTP " + resp.status + ". It is tried again by itself."
  }

  function refused() {
    return "Z.ai does not take this key. Make a new one at " + KEYS + "."
  }

  function gauge(ctx, limit) {
    const length = (UNIT_MS[limit.unit] || 0) * (limit.number > 0 ? limit.number : 1)
    const resetsAt = limit.nextResetTime > 0 ? ctx.util.toIso(limit.nextResetTime) : null
    if (limit.type === "TOKENS_LIMIT" && limit.percentage >= 0) {
      return [ctx.line.progress({
        label: length > DAY_MS ? "Weekly" : "Session", used: limit.percentage, limit: 100,
        format: { kind: "percent" }, resetsAt, periodDurationMs: length || 5 * HOUR_MS,
      })]
    }
    if (limit.type === "TIME_LIMIT" && limit.usage > 0 && limit.currentValue >= 0) {
      return [ctx.line.progress({
        label: "Web searches", used: limit.currentValue, limit: limit.usage,
        format: { kind: "count", suffix: "searches" }, resetsAt, periodDurationMs: length || 30 * DAY_MS,
      })]
    }
    return []
  }

  function plan(ctx, key) {
    try {
      const resp = call(ctx, "biz/subscription/list", key)
      const told = resp.status === 200 ? ctx.util.tryParseJson(resp.bodyText) : null
      const valid = ((told && told.data) || []).find((each) => each.status === "VALID")
      return valid && typeof valid.productName === "string" ? valid.productName : null
    } catch (error) {
      ctx.host.log.warn("the plan's name: " + error)
      return null
    }
  }

  function probe(ctx) {
    const key = findKey(ctx)
    const resp = call(ctx, "monitor/usage/quota/limit", key)
    check(ctx, resp)
    const told = ctx.util.tryParseJson(resp.bodyText)
    if (told && (told.code === 401 || told.code === 403)) throw refused()
    if (!told || !told.data || !Array.isArray(told.data.limits)) {
      if (told && told.success === false) throw "Z.ai tells no limits. Has this account a GLM Coding plan?"
      throw "Z.ai answered something else than figures. Is a proxy in the way?"
    }
    const lines = told.data.limits.filter(Boolean).flatMap((limit) => gauge(ctx, limit))
    lines.sort((one, other) => rank(one) - rank(other))
    if (!lines.length) lines.push(ctx.line.badge({ label: "Status", text: "No limits told", color: "#a3a3a3" }))
    return { plan: plan(ctx, key) || ctx.fmt.planLabel(told.data.level || "") || null, lines }
  }

  function rank(line) {
    return ["Session", "Weekly", "Web searches"].indexOf(line.label)
  }

  globalThis.__openusage_plugin = { id: "zai", probe }
})()
