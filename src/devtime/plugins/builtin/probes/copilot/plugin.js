// What is left of GitHub Copilot this month, told with the token an editor or the GitHub CLI keeps.
(function () {
  "use strict"

  const USAGE_URL = "https://api.github.com/copilot_internal/user"
  const MONTH_MS = 30 * 86400000
  const LOG_IN = "Run `gh auth login`, or sign in to Copilot in your editor, then refresh."
  const NAMES = [["premium_interactions", "Premium requests"], ["chat", "Chat"], ["completions", "Completions"]]

  function findTokens(ctx) {
    return [...fromEditors(ctx), fromKeychain(ctx), fromCli(ctx)].filter(Boolean)
  }

  function fromEditors(ctx) {
    const found = []
    for (const name of ["apps.json", "hosts.json"]) {
      const entries = ctx.util.tryParseJson(readText(ctx, "~/.config/github-copilot/" + name)) || {}
      for (const host of Object.keys(entries)) {
        if (host.split(":")[0] === "github.com" && entries[host]) found.push(entries[host].oauth_token)
      }
    }
    return found
  }

  function fromKeychain(ctx) {
    try {
      const text = ctx.host.keychain.readGenericPassword("gh:github.com")
      const wrapped = "go-keyring-base64:"
      return text.startsWith(wrapped) ? ctx.base64.decode(text.slice(wrapped.length)) : text
    } catch (error) {
      return null // no keychain here, or nothing in it
    }
  }

  function fromCli(ctx) {
    const section = readText(ctx, "~/.config/gh/hosts.yml").split(/^(?=\S)/m).find((part) => part.startsWith("github.com:"))
    const line = section && /^\s+oauth_token:\s*(\S+)/m.exec(section)
    return line ? line[1] : null
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

  function ask(ctx, tokens) {
    let resp = null
    for (const token of tokens) {
      resp = send(ctx, {
        url: USAGE_URL,
        headers: {
          Authorization: "token " + token,
          Accept: "application/json",
          "User-Agent": "DevTime/" + ctx.app.version,
          "X-GitHub-Api-Version": "2025-04-01",
        },
      })
      if (!ctx.util.isAuthStatus(resp.status)) break
    }
    return resp
  }

  function send(ctx, request) {
    try {
      return ctx.util.request(request)
    } catch (error) {
      ctx.host.log.warn(String(error))
      throw "GitHub cannot be reached. Are you online?"
    }
  }

  function check(ctx, resp) {
    if (resp.status === 200) return
    if (ctx.util.isAuthStatus(resp.status)) throw "GitHub no longer takes the saved token. " + LOG_IN
    if (resp.status === 404) throw "This GitHub account has no Copilot. Start a plan at github.com/settings/copilot."
    if (resp.status === 429) {
      const told = ctx.fmt.resetIn(Number(resp.headers["retry-after"]))
      throw "GitHub asks for patience" + (told ? "; tried again in " + told : "") + "."
    }
    throw "GitHub answered HTTP " + resp.status + ". It is tried again by itself."
  }

  function paid(ctx, told) {
    const resetsAt = ctx.util.toIso(told.quota_reset_date_utc || dayStart(told.quota_reset_date))
    const lines = []
    for (const [name, label] of NAMES) {
      const quota = told.quota_snapshots && told.quota_snapshots[name]
      if (!quota || quota.unlimited || typeof quota.percent_remaining !== "number") continue
      const times = { resetsAt, periodDurationMs: MONTH_MS }
      lines.push(quota.entitlement > 0 && typeof quota.remaining === "number"
        ? ctx.line.progress({
          label, used: Math.max(0, quota.entitlement - quota.remaining), limit: quota.entitlement,
          format: { kind: "count", suffix: "requests" }, ...times,
        })
        : ctx.line.progress({
          label, used: Math.max(0, 100 - quota.percent_remaining), limit: 100, format: { kind: "percent" }, ...times,
        }))
    }
    return lines
  }

  function free(ctx, told) {
    const left = told.limited_user_quotas
    const whole = told.monthly_quotas
    if (!left || !whole) return []
    return NAMES.filter(([name]) => whole[name] > 0 && typeof left[name] === "number").map(([name, label]) =>
      ctx.line.progress({
        label, used: Math.max(0, whole[name] - left[name]), limit: whole[name],
        format: { kind: "count", suffix: "requests" },
        resetsAt: ctx.util.toIso(dayStart(told.limited_user_reset_date)), periodDurationMs: MONTH_MS,
      }))
  }

  function dayStart(text) {
    return typeof text === "string" && /^\d{4}-\d\d-\d\d$/.test(text) ? text + "T00:00:00Z" : text
  }

  function probe(ctx) {
    const tokens = findTokens(ctx)
    if (!tokens.length) throw "Not logged in to GitHub. " + LOG_IN
    const resp = ask(ctx, tokens)
    check(ctx, resp)
    const told = ctx.util.tryParseJson(resp.bodyText)
    if (!told || typeof told !== "object") throw "GitHub answered something else than figures. Is a proxy in the way?"
    const lines = [...paid(ctx, told), ...free(ctx, told)]
    if (!lines.length) lines.push(ctx.line.badge({ label: "Status", text: "No limits", color: "#16a34a" }))
    return { plan: ctx.fmt.planLabel((told.copilot_plan || "").replace(/_/g, " ")) || null, lines }
  }

  globalThis.__openusage_plugin = { id: "copilot", probe }
})()
