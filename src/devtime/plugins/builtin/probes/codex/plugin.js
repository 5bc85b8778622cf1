// How much of a ChatGPT plan Codex has used, told with the login that the Codex CLI keeps.
(function () {
  "use strict"

  const USAGE_URL = "https://chatgpt.com/backend-api/wham/usage"
  const TOKEN_URL = "https://auth.openai.com/oauth/token"
  const CLIENT_ID = "app_EMoamEEZ73f0CkXaXp7hrann" // the Codex CLI's own, public
  const KEYCHAIN = "Codex Auth"
  const DAY_MS = 86400000
  const OLD_MS = 8 * DAY_MS
  const LOG_IN = "Run `codex` and log in, then refresh."

  function findLogin(ctx) {
    const home = ctx.host.env.get("CODEX_HOME")
    const folders = home ? [home.replace(/\/+$/, "")] : ["~/.codex", "~/.config/codex"]
    for (const folder of folders) {
      const path = folder + "/auth.json"
      const whole = ctx.util.tryParseJson(readText(ctx, path))
      if (whole) return { whole, save: (text) => ctx.host.fs.writeText(path, text) }
    }
    try {
      const whole = ctx.util.tryParseJson(ctx.host.keychain.readGenericPassword(KEYCHAIN))
      if (whole) return { whole, save: (text) => ctx.host.keychain.writeGenericPassword(KEYCHAIN, text) }
    } catch (error) {
      // no keychain here, or nothing in it
    }
    return null
  }

  // A file that is no text is as good as none.
  function readText(ctx, path) {
    try {
      return ctx.host.fs.exists(path) ? ctx.host.fs.readText(path) : ""
    } catch (error) {
      ctx.host.log.warn(String(error))
      return ""
    }
  }

  function refresh(ctx, login) {
    const { tokens } = login.whole
    if (!tokens.refresh_token) return null
    const resp = send(ctx, {
      method: "POST",
      url: TOKEN_URL,
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      bodyText: "grant_type=refresh_token&client_id=" + CLIENT_ID +
        "&refresh_token=" + encodeURIComponent(tokens.refresh_token),
    })
    const json = ctx.util.tryParseJson(resp.bodyText)
    if (resp.status === 400 || resp.status === 401) throw "The Codex login has ended. " + LOG_IN
    if (resp.status !== 200 || !json || typeof json.access_token !== "string") {
      ctx.host.log.warn("the token could not be refreshed: HTTP " + resp.status)
      return null
    }
    for (const name of ["access_token", "refresh_token", "id_token"]) if (json[name]) tokens[name] = json[name]
    login.whole.last_refresh = ctx.nowIso
    try {
      login.save(JSON.stringify(login.whole, null, 2))
    } catch (error) {
      ctx.host.log.error("the refreshed login could not be saved: " + error)
    }
    return tokens.access_token
  }

  function ask(ctx, login) {
    const { tokens, last_refresh: refreshed } = login.whole
    const refreshedMs = ctx.util.parseDateMs(refreshed)
    if (refreshedMs && Date.parse(ctx.nowIso) - refreshedMs > OLD_MS) refresh(ctx, login)
    return ctx.util.retryOnceOnAuth({
      request: (token) => {
        const headers = { Authorization: "Bearer " + (token || tokens.access_token), Accept: "application/json" }
        if (tokens.account_id) headers["ChatGPT-Account-Id"] = tokens.account_id
        return send(ctx, { url: USAGE_URL, headers })
      },
      refresh: () => refresh(ctx, login),
    })
  }

  function send(ctx, request) {
    try {
      return ctx.util.request(request)
    } catch (error) {
      ctx.host.log.warn(String(error))
      throw "ChatGPT cannot be reached. Are you online?"
    }
  }

  function check(ctx, resp) {
    if (resp.status === 200) return
    if (ctx.util.isAuthStatus(resp.status)) throw "The Codex login has ended. " + LOG_IN
    if (resp.status === 429) {
      const told = ctx.fmt.resetIn(Number(resp.headers["retry-after"]))
      throw "ChatGPT asks for patience" + (told ? "; tried again in " + told : "") + "."
    }
    throw "ChatGPT answered HTTP " + resp.status + ". It is tried again by itself."
  }

  // A window is told apart by its length; the place it stands in has changed before.
  function gauges(ctx, limits, headers) {
    const lines = []
    const places = [["primary", "Session", 5 * 3600], ["secondary", "Weekly", 7 * 86400]]
    for (const [place, usual, usualSeconds] of places) {
      const window = limits && limits[place + "_window"]
      if (!window) continue
      const inHeader = parseFloat(headers["x-codex-" + place + "-used-percent"])
      const used = typeof window.used_percent === "number" ? window.used_percent : inHeader
      if (!(used >= 0)) continue
      const seconds = window.limit_window_seconds > 0 ? window.limit_window_seconds : usualSeconds
      const label = window.limit_window_seconds > 0 ? (seconds > 86400 ? "Weekly" : "Session") : usual
      lines.push(gauge(ctx, label, used, seconds, window))
    }
    return lines
  }

  function gauge(ctx, label, used, seconds, window) {
    const after = window.reset_after_seconds
    const resets = window.reset_at || (after > 0 ? Date.parse(ctx.nowIso) / 1000 + after : null)
    return ctx.line.progress({
      label, used, limit: 100, format: { kind: "percent" }, resetsAt: ctx.util.toIso(resets),
      periodDurationMs: seconds * 1000,
    })
  }

  function credits(ctx, told) {
    const balance = told && told.has_credits && !told.unlimited ? parseFloat(told.balance) : NaN
    return balance >= 0 ? [ctx.line.text({ label: "Credits", value: Math.round(balance) + " left" })] : []
  }

  function spending(ctx) {
    const since = ctx.util.toIso(Date.parse(ctx.nowIso) - 29 * DAY_MS).slice(0, 10)
    const found = ctx.host.ccusage.query({ provider: "codex", since })
    const costOf = (day) => (day.totalCost != null ? day.totalCost : day.costUSD) || 0
    const days = found.status === "ok" ? found.data.daily.filter((day) => costOf(day) > 0) : []
    if (!days.length) return []
    days.sort((one, other) => (one.date < other.date ? -1 : 1))
    return [ctx.line.barChart({
      label: "Cost per day",
      points: days.map((day) => ({ label: day.date, value: costOf(day), valueLabel: "$" + costOf(day).toFixed(2) })),
    })]
  }

  function probe(ctx) {
    const login = findLogin(ctx)
    if (!login) throw "Not logged in to Codex. " + LOG_IN
    if (!login.whole.tokens || !login.whole.tokens.access_token) {
      throw "Codex uses an API key here, which has no plan limits. " + LOG_IN
    }
    const resp = ask(ctx, login)
    check(ctx, resp)
    const told = ctx.util.tryParseJson(resp.bodyText)
    if (!told || typeof told !== "object") throw "ChatGPT answered something else than figures. Is a proxy in the way?"
    const lines = gauges(ctx, told.rate_limit, resp.headers)
    const reviews = told.code_review_rate_limit && told.code_review_rate_limit.primary_window
    if (reviews && reviews.used_percent >= 0) {
      lines.push(gauge(ctx, "Reviews", reviews.used_percent, reviews.limit_window_seconds || 7 * 86400, reviews))
    }
    lines.push(...credits(ctx, told.credits), ...spending(ctx))
    if (!lines.length) lines.push(ctx.line.badge({ label: "Status", text: "No limits told", color: "#a3a3a3" }))
    return { plan: ctx.fmt.planLabel(told.plan_type || "") || null, lines }
  }

  globalThis.__openusage_plugin = { id: "codex", probe }
})()
