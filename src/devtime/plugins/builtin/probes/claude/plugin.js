// How much of a Claude plan is used, told with the login that Claude Code keeps.
(function () {
  "use strict"

  const USAGE_URL = "https://api.anthropic.com/api/oauth/usage"
  const TOKEN_URL = "https://platform.claude.com/v1/oauth/token"
  const CLIENT_ID = "9d1c250a-e61b-44d9-88ed-5944d1962f5e" // Claude Code's own, public
  const KEYCHAIN = "Claude Code-credentials"
  const HOUR_MS = 3600000
  const LOG_IN = "Run `claude` and log in, then refresh."

  function findLogin(ctx) {
    const token = ctx.host.env.get("CLAUDE_CODE_OAUTH_TOKEN")
    if (token) return { oauth: { accessToken: token } }
    const places = [fromFile(ctx), fromKeychain(ctx)]
    if (ctx.app.platform === "macos") places.reverse()
    return places.find(Boolean) || null
  }

  function fromFile(ctx) {
    const folder = ctx.host.env.get("CLAUDE_CONFIG_DIR") || "~/.claude"
    const path = folder.replace(/\/+$/, "") + "/.credentials.json"
    return asLogin(ctx, readText(ctx, path), (text) => ctx.host.fs.writeText(path, text))
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

  function fromKeychain(ctx) {
    try {
      const text = ctx.host.keychain.readGenericPassword(KEYCHAIN)
      return asLogin(ctx, text, (changed) => ctx.host.keychain.writeGenericPassword(KEYCHAIN, changed))
    } catch (error) {
      return null // no keychain here, or nothing in it
    }
  }

  function asLogin(ctx, text, save) {
    const whole = ctx.util.tryParseJson(text)
    const oauth = whole && whole.claudeAiOauth
    return oauth && typeof oauth.accessToken === "string" ? { whole, oauth, save } : null
  }

  function refresh(ctx, login) {
    const { oauth } = login
    if (!oauth.refreshToken) return null
    const resp = send(ctx, {
      method: "POST",
      url: TOKEN_URL,
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      bodyText: JSON.stringify({ grant_type: "refresh_token", refresh_token: oauth.refreshToken, client_id: CLIENT_ID }),
    })
    const json = ctx.util.tryParseJson(resp.bodyText)
    if (resp.status === 400 || resp.status === 401) throw "The Claude login has ended. " + LOG_IN
    if (resp.status !== 200 || !json || typeof json.access_token !== "string") {
      ctx.host.log.warn("the token could not be refreshed: HTTP " + resp.status)
      return null
    }
    oauth.accessToken = json.access_token
    if (json.refresh_token) oauth.refreshToken = json.refresh_token
    if (json.expires_in > 0) oauth.expiresAt = Date.parse(ctx.nowIso) + json.expires_in * 1000
    try {
      login.save(JSON.stringify(login.whole, null, 2))
    } catch (error) {
      ctx.host.log.error("the refreshed login could not be saved: " + error)
    }
    return oauth.accessToken
  }

  function ask(ctx, login) {
    const nowMs = Date.parse(ctx.nowIso)
    const isOld = login.oauth.expiresAt && ctx.util.needsRefreshByExpiry({
      nowMs, expiresAtMs: login.oauth.expiresAt, bufferMs: 5 * 60000,
    })
    if (isOld) refresh(ctx, login)
    return ctx.util.retryOnceOnAuth({
      request: (token) => send(ctx, {
        url: USAGE_URL,
        headers: {
          Authorization: "Bearer " + (token || login.oauth.accessToken).trim(),
          Accept: "application/json",
          "anthropic-beta": "oauth-2025-04-20",
        },
      }),
      refresh: () => refresh(ctx, login),
    })
  }

  function send(ctx, request) {
    try {
      return ctx.util.request(request)
    } catch (error) {
      ctx.host.log.warn(String(error))
      throw "Claude's usage service cannot be reached. Are you online?"
    }
  }

  function check(ctx, resp) {
    if (resp.status === 200) return
    if (resp.status === 401) throw "The Claude login has ended. " + LOG_IN
    if (resp.status === 403) throw "This Claude login may not read its limits. " + LOG_IN
    if (resp.status === 429) throw "Claude's usage service asks for patience" + waiting(ctx, resp) + "."
    throw "Claude's usage service answered HTTP " + resp.status + ". It is tried again by itself."
  }

  function waiting(ctx, resp) {
    const told = ctx.fmt.resetIn(Number(resp.headers["retry-after"]))
    return told ? "; tried again in " + told : ""
  }

  function gauge(ctx, label, told, periodMs) {
    if (!told || typeof told.utilization !== "number") return []
    return [ctx.line.progress({
      label,
      used: Math.max(0, told.utilization),
      limit: 100,
      format: { kind: "percent" },
      resetsAt: ctx.util.toIso(told.resets_at),
      periodDurationMs: periodMs,
    })]
  }

  function extra(ctx, told) {
    if (!told || !told.is_enabled || typeof told.used_credits !== "number") return []
    const used = ctx.fmt.dollars(told.used_credits)
    if (!(told.monthly_limit > 0)) return [ctx.line.text({ label: "Extra usage", value: "$" + used.toFixed(2) })]
    return [ctx.line.progress({
      label: "Extra usage", used, limit: ctx.fmt.dollars(told.monthly_limit), format: { kind: "dollars" },
    })]
  }

  function spending(ctx) {
    const since = ctx.util.toIso(Date.parse(ctx.nowIso) - 29 * 24 * HOUR_MS).slice(0, 10)
    const found = ctx.host.ccusage.query({ provider: "claude", since })
    const days = found.status === "ok" ? found.data.daily.filter((day) => day.totalCost > 0) : []
    if (!days.length) return []
    days.sort((one, other) => (one.date < other.date ? -1 : 1))
    const last = days[days.length - 1]
    const lines = [ctx.line.barChart({
      label: "Cost per day",
      points: days.map((day) => ({ label: day.date, value: day.totalCost, valueLabel: "$" + day.totalCost.toFixed(2) })),
    })]
    if (last.date === ctx.nowIso.slice(0, 10)) {
      lines.unshift(ctx.line.text({ label: "Today", value: "$" + last.totalCost.toFixed(2) }))
    }
    return lines
  }

  function plan(ctx, oauth) {
    const name = ctx.fmt.planLabel(oauth.subscriptionType || "")
    const size = /_(\d+x)$/.exec(oauth.rateLimitTier || "")
    return name && size ? name + " " + size[1] : name || null
  }

  function probe(ctx) {
    const login = findLogin(ctx)
    if (!login) throw "Not logged in to Claude. " + LOG_IN
    const resp = ask(ctx, login)
    check(ctx, resp)
    const told = ctx.util.tryParseJson(resp.bodyText)
    if (!told || typeof told !== "object") throw "Claude's usage service answered something else than figures. Is a proxy in the way?"
    const week = 7 * 24 * HOUR_MS
    const lines = [
      ...gauge(ctx, "Session", told.five_hour, 5 * HOUR_MS),
      ...gauge(ctx, "Weekly", told.seven_day, week),
      ...gauge(ctx, "Weekly Opus", told.seven_day_opus, week),
      ...gauge(ctx, "Weekly Sonnet", told.seven_day_sonnet, week),
      ...extra(ctx, told.extra_usage),
      ...spending(ctx),
    ]
    if (!lines.length) lines.push(ctx.line.badge({ label: "Status", text: "No limits told", color: "#a3a3a3" }))
    return { plan: plan(ctx, login.oauth), lines }
  }

  globalThis.__openusage_plugin = { id: "claude", probe }
})()
