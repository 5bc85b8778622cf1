// What is left of Amp's free allowance and of its credits, told with the key that the Amp CLI keeps.
(function () {
  "use strict"

  const SECRETS = "~/.local/share/amp/secrets.json"
  const URL = "https://ampcode.com/api/internal"
  const HOUR_MS = 3600000
  const LOG_IN = "Run `amp login`, then refresh."

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
    const secrets = ctx.util.tryParseJson(readText(ctx, SECRETS))
    const key = secrets && secrets["apiKey@https://ampcode.com/"]
    if (typeof key === "string" && key) return key
    throw "Not logged in to Amp. " + LOG_IN
  }

  function send(ctx, request) {
    try {
      return ctx.util.request(request)
    } catch (error) {
      ctx.host.log.warn(String(error))
      throw "Amp cannot be reached. Are you online?"
    }
  }

  function check(ctx, resp) {
    if (resp.status === 200) return
    if (ctx.util.isAuthStatus(resp.status)) throw "Amp no longer takes the saved key. " + LOG_IN
    if (resp.status === 429) {
      const told = ctx.fmt.resetIn(Number(resp.headers["retry-after"]))
      throw "Amp asks for patience" + (told ? "; tried again in " + told : "") + "."
    }
    throw "Amp answered HTTP " + resp.status + ". It is tried again by itself."
  }

  function amount(text) {
    return Number(text.replace(/,/g, ""))
  }

  // The figures come as a sentence made for people.
  function read(ctx, text) {
    const lines = []
    const free = /\$([\d,.]+)\s*\/\s*\$([\d,.]+) remaining/.exec(text)
    const rate = /replenishes \+\$([\d,.]+)\/hour/.exec(text)
    const bonus = /\+(\d+)% bonus for (\d+) more days?/.exec(text)
    const credits = /Individual credits: \$([\d,.]+) remaining/.exec(text)
    if (free && amount(free[2]) > 0) {
      const used = Math.max(0, amount(free[2]) - amount(free[1]))
      const hours = rate && amount(rate[1]) > 0 ? used / amount(rate[1]) : 0
      const full = hours > 0 ? ctx.util.toIso(Date.parse(ctx.nowIso) + hours * HOUR_MS) : null
      lines.push(ctx.line.progress({
        label: "Free", used, limit: amount(free[2]), format: { kind: "dollars" }, resetsAt: full,
      }))
    }
    if (free && rate) lines.push(ctx.line.text({ label: "Refills", value: "$" + amount(rate[1]).toFixed(2) + " an hour" }))
    if (free && bonus) lines.push(ctx.line.text({ label: "Bonus", value: "+" + bonus[1] + "% for " + bonus[2] + " days" }))
    if (credits && (amount(credits[1]) > 0 || !free)) {
      lines.push(ctx.line.text({ label: "Credits", value: "$" + amount(credits[1]).toFixed(2) + " left" }))
    }
    return { plan: free ? "Free" : credits ? "Credits" : null, lines }
  }

  function probe(ctx) {
    const key = findKey(ctx)
    const resp = send(ctx, {
      method: "POST",
      url: URL,
      headers: { Authorization: "Bearer " + key, "Content-Type": "application/json", Accept: "application/json" },
      bodyText: JSON.stringify({ method: "userDisplayBalanceInfo", params: {} }),
    })
    check(ctx, resp)
    const told = ctx.util.tryParseJson(resp.bodyText)
    if (told && told.ok === false && told.error && told.error.code === "auth-required") {
      throw "Amp no longer takes the saved key. " + LOG_IN
    }
    const text = told && told.result && told.result.displayText
    if (typeof text !== "string") throw "Amp answered something else than figures. Is a proxy in the way?"
    const found = read(ctx, text)
    if (!found.lines.length) throw "Amp tells its balance in words that are not understood yet. Is there a newer DevTime?"
    return found
  }

  globalThis.__openusage_plugin = { id: "amp", probe }
})()
