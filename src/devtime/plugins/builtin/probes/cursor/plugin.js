// How much of a Cursor plan is used, told with the login that the Cursor editor keeps in its state database.
(function () {
  "use strict"

  const STATE = "~/Library/Application Support/Cursor/User/globalStorage/state.vscdb"
  const SERVICE = "https://api2.cursor.sh/aiserver.v1.DashboardService/"
  const TOKEN_URL = "https://api2.cursor.sh/oauth/token"
  const CLIENT_ID = "KbZUR41cY7W6zRSdpSUJ7I7mLYBKOCmB" // the editor's own, public
  const LOG_IN = "Sign in to Cursor, then refresh."

  function findLogin(ctx) {
    if (!ctx.host.fs.exists(STATE)) return null
    const names = ["accessToken", "refreshToken", "stripeMembershipType"].map((name) => "'cursorAuth/" + name + "'")
    let text
    try {
      text = ctx.host.sqlite.query(STATE, "SELECT key, value FROM ItemTable WHERE key IN (" + names.join(", ") + ")")
    } catch (error) {
      ctx.host.log.warn(String(error))
      throw "Cursor's state database cannot be read. Close Cursor, or try again later."
    }
    const login = {}
    for (const row of ctx.util.tryParseJson(text) || []) login[row.key.split("/")[1]] = unquoted(ctx, row.value)
    return login.accessToken ? login : null
  }

  function unquoted(ctx, value) {
    const text = String(value || "").trim()
    return text.startsWith('"') ? ctx.util.tryParseJson(text) : text
  }

  function refresh(ctx, login) {
    if (!login.refreshToken) return null
    const resp = send(ctx, {
      method: "POST",
      url: TOKEN_URL,
      headers: { "Content-Type": "application/json" },
      bodyText: JSON.stringify({ grant_type: "refresh_token", client_id: CLIENT_ID, refresh_token: login.refreshToken }),
    })
    const json = ctx.util.tryParseJson(resp.bodyText)
    if (resp.status === 400 || resp.status === 401 || (json && json.shouldLogout)) {
      throw "The Cursor login has ended. " + LOG_IN
    }
    if (resp.status !== 200 || !json || typeof json.access_token !== "string") {
      ctx.host.log.warn("the token could not be refreshed: HTTP " + resp.status)
      return null
    }
    login.accessToken = json.access_token
    try {
      const value = json.access_token.replace(/'/g, "''")
      ctx.host.sqlite.exec(STATE, "UPDATE ItemTable SET value = '" + value + "' WHERE key = 'cursorAuth/accessToken'")
    } catch (error) {
      ctx.host.log.error("the refreshed login could not be saved: " + error)
    }
    return login.accessToken
  }

  function isOld(ctx, login) {
    const payload = ctx.jwt.decodePayload(login.accessToken)
    return Boolean(payload && payload.exp && ctx.util.needsRefreshByExpiry({
      nowMs: Date.parse(ctx.nowIso), expiresAtMs: payload.exp * 1000, bufferMs: 5 * 60000,
    }))
  }

  function call(ctx, method, token) {
    return send(ctx, {
      method: "POST",
      url: SERVICE + method,
      headers: {
        Authorization: "Bearer " + token, "Content-Type": "application/json", "Connect-Protocol-Version": "1",
      },
      bodyText: "{}",
    })
  }

  function send(ctx, request) {
    try {
      return ctx.util.request(request)
    } catch (error) {
      ctx.host.log.warn(String(error))
      throw "Cursor cannot be reached. Are you online?"
    }
  }

  function check(ctx, resp) {
    if (resp.status === 200) return
    if (ctx.util.isAuthStatus(resp.status)) throw "The Cursor login has ended. " + LOG_IN
    if (resp.status === 429) {
      const told = ctx.fmt.resetIn(Number(resp.headers["retry-after"]))
      throw "Cursor asks for patience" + (told ? "; tried again in " + told : "") + "."
    }
    throw "Cursor answered HTTP " + resp.status + ". It is tried again by itself."
  }

  // What only adds to the figures: its absence spoils nothing.
  function extra(ctx, method, token) {
    try {
      const resp = call(ctx, method, token)
      return (resp.status === 200 && ctx.util.tryParseJson(resp.bodyText)) || {}
    } catch (error) {
      ctx.host.log.warn(method + ": " + error)
      return {}
    }
  }

  function gauges(ctx, told) {
    const start = Number(told.billingCycleStart)
    const end = Number(told.billingCycleEnd)
    const times = end > start ? { resetsAt: ctx.util.toIso(end), periodDurationMs: end - start } : {}
    const usage = told.planUsage || {}
    const lines = []
    if (usage.limit > 0) {
      const spent = typeof usage.totalSpend === "number" ? usage.totalSpend : usage.limit - (usage.remaining || 0)
      lines.push(ctx.line.progress({
        label: "Included usage", used: Math.max(0, ctx.fmt.dollars(spent)), limit: ctx.fmt.dollars(usage.limit),
        format: { kind: "dollars" }, ...times,
      }))
    } else if (usage.totalPercentUsed >= 0) {
      lines.push(percent(ctx, "Included usage", usage.totalPercentUsed, times))
    }
    if (usage.autoPercentUsed >= 0) lines.push(percent(ctx, "Auto", usage.autoPercentUsed, times))
    if (usage.apiPercentUsed >= 0) lines.push(percent(ctx, "Named models", usage.apiPercentUsed, times))
    const beyond = told.spendLimitUsage || {}
    const limit = beyond.individualLimit || beyond.pooledLimit
    const used = beyond.individualLimit ? beyond.individualUsed : beyond.pooledUsed
    if (limit > 0) {
      lines.push(ctx.line.progress({
        label: "On demand", used: ctx.fmt.dollars(Math.max(0, used || 0)), limit: ctx.fmt.dollars(limit),
        format: { kind: "dollars" }, ...times,
      }))
    }
    return lines
  }

  function percent(ctx, label, used, times) {
    return ctx.line.progress({ label, used, limit: 100, format: { kind: "percent" }, ...times })
  }

  function probe(ctx) {
    const login = findLogin(ctx)
    if (!login) throw "Not logged in to Cursor. " + LOG_IN
    if (isOld(ctx, login)) refresh(ctx, login)
    const resp = ctx.util.retryOnceOnAuth({
      request: (token) => call(ctx, "GetCurrentPeriodUsage", token || login.accessToken),
      refresh: () => refresh(ctx, login),
    })
    check(ctx, resp)
    const told = ctx.util.tryParseJson(resp.bodyText)
    if (!told || typeof told !== "object") throw "Cursor answered something else than figures. Is a proxy in the way?"
    const lines = gauges(ctx, told)
    const grants = extra(ctx, "GetCreditGrantsBalance", login.accessToken)
    const left = Number(grants.totalCents) - Number(grants.usedCents)
    if (left > 0) lines.push(ctx.line.text({ label: "Credits", value: "$" + ctx.fmt.dollars(left).toFixed(2) + " left" }))
    if (!lines.length) lines.push(ctx.line.badge({ label: "Status", text: "No limits told", color: "#a3a3a3" }))
    const info = extra(ctx, "GetPlanInfo", login.accessToken).planInfo
    const name = (info && info.planName) || login.stripeMembershipType || ""
    return { plan: ctx.fmt.planLabel(name) || null, lines }
  }

  globalThis.__openusage_plugin = { id: "cursor", probe }
})()
