// What is left of Gemini CLI's daily quota, told with the Google login that the CLI keeps.
(function () {
  "use strict"

  const LOGIN = "~/.gemini/oauth_creds.json"
  const SETTINGS = "~/.gemini/settings.json"
  const SERVICE = "https://cloudcode-pa.googleapis.com/v1internal:"
  const TOKEN_URL = "https://oauth2.googleapis.com/token"
  const DAY_MS = 86400000
  const LOG_IN = "Run `gemini` and log in with Google, then refresh."
  const PLANS = { "free-tier": "Free", "legacy-tier": "Legacy", "standard-tier": "Paid" }
  // The CLI is a client of Google's whose name and word are in its program; a login is refreshed in its name only.
  const MODULE_FOLDERS = [
    "/usr/lib/node_modules", "/usr/local/lib/node_modules", "/opt/homebrew/lib/node_modules",
    "~/.npm-global/lib/node_modules", "~/.local/lib/node_modules", "~/.bun/install/global/node_modules",
  ]
  const CLIENT_FILES = [
    "/@google/gemini-cli/node_modules/@google/gemini-cli-core/dist/src/code_assist/oauth2.js",
    "/@google/gemini-cli-core/dist/src/code_assist/oauth2.js",
  ]

  // A file that is no text is as good as none.
  function readText(ctx, path) {
    try {
      return ctx.host.fs.exists(path) ? ctx.host.fs.readText(path) : ""
    } catch (error) {
      ctx.host.log.warn(String(error))
      return ""
    }
  }

  function readJson(ctx, path) {
    return ctx.util.tryParseJson(readText(ctx, path))
  }

  function checkKind(ctx) {
    const settings = readJson(ctx, SETTINGS) || {}
    const auth = (settings.security && settings.security.auth) || {}
    const kind = auth.selectedType || settings.selectedAuthType || "oauth-personal"
    if (kind === "oauth-personal") return
    throw "Gemini CLI uses " + kind + " here, which has no plan limits. To see limits, run `gemini`, choose `/auth` and log in with Google."
  }

  function findClient(ctx) {
    for (const folder of [...MODULE_FOLDERS, ...nodeVersions(ctx)]) {
      for (const file of CLIENT_FILES) {
        const text = readText(ctx, folder + file)
        const id = /OAUTH_CLIENT_ID\s*=\s*['"]([^'"]+)['"]/.exec(text)
        const secret = /OAUTH_CLIENT_SECRET\s*=\s*['"]([^'"]+)['"]/.exec(text)
        if (id && secret) return { id: id[1], secret: secret[1] }
      }
    }
    return null
  }

  function nodeVersions(ctx) {
    const folder = "~/.nvm/versions/node"
    try {
      return ctx.host.fs.exists(folder)
        ? ctx.host.fs.listDir(folder).map((version) => folder + "/" + version + "/lib/node_modules")
        : []
    } catch (error) {
      return []
    }
  }

  function refresh(ctx, login) {
    const client = login.refresh_token ? findClient(ctx) : null
    if (!client) return null
    const form = {
      grant_type: "refresh_token", refresh_token: login.refresh_token, client_id: client.id, client_secret: client.secret,
    }
    const resp = send(ctx, {
      method: "POST",
      url: TOKEN_URL,
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      bodyText: Object.keys(form).map((name) => name + "=" + encodeURIComponent(form[name])).join("&"),
    })
    const json = ctx.util.tryParseJson(resp.bodyText)
    if (resp.status === 400 || resp.status === 401) throw "The Google login of Gemini CLI has ended. " + LOG_IN
    if (resp.status !== 200 || !json || typeof json.access_token !== "string") {
      ctx.host.log.warn("the token could not be refreshed: HTTP " + resp.status)
      return null
    }
    login.access_token = json.access_token
    if (json.id_token) login.id_token = json.id_token
    if (json.expires_in > 0) login.expiry_date = Date.parse(ctx.nowIso) + json.expires_in * 1000
    try {
      ctx.host.fs.writeText(LOGIN, JSON.stringify(login, null, 2))
    } catch (error) {
      ctx.host.log.error("the refreshed login could not be saved: " + error)
    }
    return login.access_token
  }

  function call(ctx, login, method, body) {
    const resp = ctx.util.retryOnceOnAuth({
      request: (token) => send(ctx, {
        method: "POST",
        url: SERVICE + method,
        headers: { Authorization: "Bearer " + (token || login.access_token), "Content-Type": "application/json" },
        bodyText: JSON.stringify(body),
      }),
      refresh: () => refresh(ctx, login),
    })
    check(ctx, resp)
    const told = ctx.util.tryParseJson(resp.bodyText)
    if (!told || typeof told !== "object") throw "Google answered something else than figures. Is a proxy in the way?"
    return told
  }

  function send(ctx, request) {
    try {
      return ctx.util.request(request)
    } catch (error) {
      ctx.host.log.warn(String(error))
      throw "Google cannot be reached. Are you online?"
    }
  }

  function check(ctx, resp) {
    if (resp.status === 200) return
    if (resp.status === 401) throw "The Google login of Gemini CLI has ended. " + LOG_IN
    if (resp.status === 403) throw "This Google account may not read its quota. " + LOG_IN
    if (resp.status === 429) {
      const told = ctx.fmt.resetIn(Number(resp.headers["retry-after"]))
      throw "Google asks for patience" + (told ? "; tried again in " + told : "") + "."
    }
    throw "Google answered HTTP " + resp.status + ". It is tried again by itself."
  }

  function family(model) {
    if (/flash-lite/.test(model)) return "Flash Lite"
    return /flash/.test(model) ? "Flash" : /pro/.test(model) ? "Pro" : null
  }

  // Of several models of a family the one with the least left decides.
  function gauges(ctx, buckets) {
    const least = {}
    for (const bucket of Array.isArray(buckets) ? buckets : []) {
      const name = bucket && family(String(bucket.modelId))
      if (!name || typeof bucket.remainingFraction !== "number") continue
      if (!least[name] || bucket.remainingFraction < least[name].remainingFraction) least[name] = bucket
    }
    return ["Pro", "Flash", "Flash Lite"].filter((name) => least[name]).map((label) => ctx.line.progress({
      label,
      used: Math.round(Math.max(0, 1 - least[label].remainingFraction) * 1000) / 10,
      limit: 100,
      format: { kind: "percent" },
      resetsAt: ctx.util.toIso(least[label].resetTime),
      periodDurationMs: DAY_MS,
    }))
  }

  function probe(ctx) {
    checkKind(ctx)
    const login = readJson(ctx, LOGIN)
    if (!login || !login.access_token) throw "Not logged in to Gemini CLI. " + LOG_IN
    const isOld = login.expiry_date && ctx.util.needsRefreshByExpiry({
      nowMs: Date.parse(ctx.nowIso), expiresAtMs: login.expiry_date, bufferMs: 60000,
    })
    if (isOld) refresh(ctx, login)
    const account = call(ctx, login, "loadCodeAssist", {
      metadata: { ideType: "IDE_UNSPECIFIED", platform: "PLATFORM_UNSPECIFIED", pluginType: "GEMINI" },
    })
    const project = account.cloudaicompanionProject
    const name = project && typeof project === "object" ? project.id : project
    const quota = call(ctx, login, "retrieveUserQuota", name ? { project: name } : {})
    const lines = gauges(ctx, quota.buckets)
    if (!lines.length) lines.push(ctx.line.badge({ label: "Status", text: "No limits told", color: "#a3a3a3" }))
    const who = login.id_token ? ctx.jwt.decodePayload(login.id_token) : null
    if (who && who.email) lines.push(ctx.line.text({ label: "Account", value: who.email }))
    const tier = account.currentTier && account.currentTier.id
    return { plan: tier === "free-tier" && who && who.hd ? "Workspace" : PLANS[tier] || null, lines }
  }

  globalThis.__openusage_plugin = { id: "gemini", probe }
})()
