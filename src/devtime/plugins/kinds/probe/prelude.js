// What a probe plugin finds: the `ctx` of OpenUsage's API, and nothing else. Ours, run before the plugin's first character.
// It turns the plugin's answer into plain JSON; what that means is decided outside, where no plugin can reach.
(bridge) => {
  "use strict";
  const { callSync, inspect, log } = bridge;
  const { Array, Date, Error, JSON, Math, Number, Promise, Reflect, String, TypeError, globalThis: global } = globalThis;
  const { parse, stringify } = JSON;
  const { apply } = Reflect;
  const { isArray } = Array;
  const free = Function.prototype.bind.bind(Function.prototype.call);
  const then = free(Promise.prototype.then);
  const wellFormed = free(String.prototype.toWellFormed);

  // --- Arguments ------------------------------------------------------------------------------------------------------

  const kindOf = (value) => (value === null ? "null" : isArray(value) ? "array" : typeof value);

  const text = (value) => {
    if (typeof value !== "string") throw new TypeError(`Error converting from js '${kindOf(value)}' into type 'string'`);
    return wellFormed(value);
  };

  const texts = (values, count) => {
    if (values.length < count)
      throw new TypeError(`Error calling function with ${values.length} argument(s) while ${count} where expected`);
    const taken = [];
    for (let index = 0; index < count; index++) taken[index] = text(values[index]);
    return taken;
  };

  const optional = (value) => (value === undefined || value === null ? null : text(value));

  // A function that passes `count` strings to the host.
  const passing = (name, count) =>
    function (...values) {
      return callSync(name, ...texts(values, count));
    };

  const passingVoid = (name, count) => {
    const pass = passing(name, count);
    return function (...values) {
      pass(...values);
    };
  };

  const logging = (level) =>
    function (...values) {
      log(level, texts(values, 1)[0]);
    };

  // --- The host -------------------------------------------------------------------------------------------------------

  const host = {
    log: { info: logging("info"), warn: logging("warn"), error: logging("error") },
    fs: {
      exists: passing("fs.exists", 1),
      readText: passing("fs.readText", 1),
      writeText: passingVoid("fs.writeText", 2),
      listDir: passing("fs.listDir", 1),
    },
    env: { get: passing("env.get", 1) },
    http: {
      _requestRaw: passing("http.request", 1),
      request(options) {
        const { url, method, headers, bodyText, timeoutMs, dangerouslyIgnoreTls } = options;
        return parse(host.http._requestRaw(stringify({ url, method, headers, bodyText, timeoutMs, dangerouslyIgnoreTls })));
      },
    },
    keychain: {
      readGenericPassword(...values) {
        return callSync("keychain.read", texts(values, 1)[0], optional(values[1]));
      },
      readGenericPasswordForCurrentUser: passing("keychain.readOwn", 1),
      writeGenericPassword: passingVoid("keychain.write", 2),
      writeGenericPasswordForCurrentUser: passingVoid("keychain.writeOwn", 2),
    },
    sqlite: { query: passing("sqlite.query", 2), exec: passingVoid("sqlite.exec", 2) },
    crypto: {
      decryptAes256Gcm: passing("crypto.decrypt", 2),
      encryptAes256Gcm: passing("crypto.encrypt", 2),
      sha256Hex: passing("crypto.sha256", 1),
    },
    ls: {
      _discoverRaw: passing("ls.discover", 1),
      discover: (options) => parse(host.ls._discoverRaw(stringify(options === undefined ? null : options))),
    },
    ccusage: {
      _queryRaw: passing("ccusage.query", 1),
      query: (options) => {
        try {
          return parse(host.ccusage._queryRaw(stringify(options === undefined ? {} : options)));
        } catch {
          return { status: "runner_failed" };
        }
      },
    },
  };

  // --- Lines ----------------------------------------------------------------------------------------------------------

  const building = (type, required, possible) => (options) => {
    const line = { type };
    for (const name of required) line[name] = options[name];
    for (const name of possible) if (options[name]) line[name] = options[name];
    return line;
  };

  const line = {
    text: building("text", ["label", "value"], ["color", "subtitle"]),
    progress: building("progress", ["label", "used", "limit", "format"], ["resetsAt", "periodDurationMs", "color"]),
    badge: building("badge", ["label", "text"], ["color", "subtitle"]),
    barChart: (options) => {
      const chart = building("barChart", ["label"], ["note", "color"])(options);
      chart.points = options.points || [];
      return chart;
    },
  };

  // --- Formats --------------------------------------------------------------------------------------------------------

  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  const fmt = {
    planLabel(value) {
      const name = String(value === undefined || value === null ? "" : value).trim();
      return name.replace(/(^|\s)([a-z])/g, (_, before, letter) => before + letter.toUpperCase());
    },
    resetIn(seconds) {
      if (!Number.isFinite(seconds) || seconds < 0) return null;
      const minutes = Math.floor(seconds / 60);
      const [days, hours] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60)];
      if (days > 0) return `${days}d ${hours}h`;
      if (hours > 0) return `${hours}h ${minutes % 60}m`;
      return minutes > 0 ? `${minutes}m` : "<1m";
    },
    dollars: (cents) => Math.round(cents) / 100,
    date(unixMs) {
      // The machine has no time zone of its own: the host tells the offset of the person's.
      const moment = new Date(Number(unixMs));
      if (!Number.isFinite(moment.getTime())) return "Invalid Date";
      const local = new Date(moment.getTime() + callSync("zone.offset", moment.getTime()) * 60000);
      return `${MONTHS[local.getUTCMonth()]} ${local.getUTCDate()}`;
    },
  };

  // --- Utilities ------------------------------------------------------------------------------------------------------

  const fromNumber = (number) => {
    if (!Number.isFinite(number)) return null;
    const moment = new Date(Math.abs(number) < 1e10 ? number * 1000 : number);
    return Number.isFinite(moment.getTime()) ? moment.toISOString() : null;
  };

  const fromText = (given) => {
    let written = given.trim();
    if (written === "") return null;
    if (/^-?\d+(\.\d+)?$/.test(written)) return fromNumber(Number(written));
    written = written.replace(/^(\d{4}-\d{2}-\d{2})\s+(\d{2}:\d{2})/, "$1T$2").replace(/\s+UTC$/i, "Z");
    written = written.replace(/\s+(?=[+-]\d{2}:?\d{2}$)/, "").replace(/([+-]\d{2})(\d{2})$/, (all, hours, minutes, at) =>
      written.slice(0, at).includes("T") ? `${hours}:${minutes}` : all,
    );
    written = written.replace(/(\.\d{3})\d+/, "$1");
    if (/^\d{4}-\d{2}-\d{2}T[\d:.]+$/.test(written)) written += "Z";
    const moment = new Date(written);
    return Number.isFinite(moment.getTime()) ? moment.toISOString() : null;
  };

  const toIso = (value) => {
    try {
      if (value === null || value === undefined) return null;
      if (typeof value === "string") return fromText(value);
      if (typeof value === "number") return fromNumber(value);
      if (value instanceof Date) return Number.isFinite(value.getTime()) ? value.toISOString() : null;
    } catch {}
    return null;
  };

  const safeJsonParse = (given) => {
    try {
      const written = String(given === null || given === undefined ? "" : given).trim();
      return written === "" ? { ok: false } : { ok: true, value: parse(written) };
    } catch {
      return { ok: false };
    }
  };

  const tryParseJson = (given) => {
    const parsed = safeJsonParse(given);
    return parsed.ok ? parsed.value : null;
  };

  const isAuthStatus = (status) => status === 401 || status === 403;

  const util = {
    toIso,
    tryParseJson,
    safeJsonParse,
    request: (options) => host.http.request(options),
    requestJson(options) {
      const resp = util.request(options);
      return { resp, json: tryParseJson(resp.bodyText) };
    },
    isAuthStatus,
    retryOnceOnAuth({ request, refresh }) {
      const first = request();
      if (!isAuthStatus(first.status)) return first;
      const token = refresh();
      return token ? request(token) : first;
    },
    parseDateMs(value) {
      if (value instanceof Date) return Number.isFinite(value.getTime()) ? value.getTime() : null;
      if (typeof value === "number") return Number.isFinite(value) ? value : null;
      if (typeof value !== "string" || value.trim() === "") return null;
      const parsed = Date.parse(value);
      if (Number.isFinite(parsed)) return parsed;
      const number = Number(value);
      return Number.isFinite(number) ? number : null;
    },
    needsRefreshByExpiry(options) {
      const { nowMs, expiresAtMs, bufferMs = 0 } = options || {};
      const [now, expires, buffer] = [Number(nowMs ?? NaN), Number(expiresAtMs ?? NaN), Number(bufferMs)];
      if (!Number.isFinite(now) || !Number.isFinite(expires) || !Number.isFinite(buffer)) return true;
      return now + buffer >= expires;
    },
  };

  // --- Base64 and tokens: strings of bytes ----------------------------------------------------------------------------

  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  const base64 = {
    decode(given) {
      const clean = text(given).replace(/-/g, "+").replace(/_/g, "/").replace(/[\s=]/g, "");
      let [bits, held, bytes] = [0, 0, ""];
      for (let index = 0; index < clean.length; index++) {
        const value = ALPHABET.indexOf(clean[index]);
        if (value < 0) throw new Error("invalid base64");
        bits = ((bits << 6) | value) & 0xffff;
        held += 6;
        if (held >= 8) {
          held -= 8;
          bytes += String.fromCharCode((bits >> held) & 0xff);
        }
      }
      return bytes;
    },
    encode(given) {
      const bytes = text(given);
      let written = "";
      for (let index = 0; index < bytes.length; index += 3) {
        const [one, two, three] = [0, 1, 2].map((step) => bytes.charCodeAt(index + step));
        if (one > 255 || two > 255 || three > 255) throw new Error("base64 takes bytes only");
        written += ALPHABET[one >> 2] + ALPHABET[((one & 3) << 4) | (two >> 4)];
        written += index + 1 < bytes.length ? ALPHABET[((two & 15) << 2) | (three >> 6)] : "=";
        written += index + 2 < bytes.length ? ALPHABET[three & 63] : "=";
      }
      return written;
    },
  };

  const jwt = {
    decodePayload(token) {
      try {
        const parts = token.split(".");
        if (parts.length !== 3) return null;
        const payload = parse(base64.decode(parts[1]));
        return typeof payload === "object" ? payload : null;
      } catch {
        return null;
      }
    },
  };

  // --- The answer -----------------------------------------------------------------------------------------------------

  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

  const attempt = (action) => {
    try {
      return action();
    } catch {
      return undefined;
    }
  };

  // A value no larger than it must be: strings, booleans and finite numbers as they are, of others only the kind.
  const plain = (value) => {
    switch (typeof value) {
      case "string":
        return wellFormed(value);
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) ? value : { number: String(value) };
      default:
        return value === null ? null : { kind: kindOf(value) };
    }
  };

  const fieldsOf = (object, names) => {
    const found = {};
    for (let index = 0; index < names.length; index++) {
      const value = attempt(() => object[names[index]]);
      if (value !== undefined) found[names[index]] = plain(value);
    }
    return found;
  };

  const LINE_FIELDS = "type label value text color subtitle used limit max unit resetsAt periodDurationMs note".split(" ");
  const POINT_FIELDS = ["label", "value", "valueLabel"];
  const MOST_POINTS = 367;

  const lineOf = (given) => {
    if (!isObject(given)) return null;
    const told = fieldsOf(given, LINE_FIELDS);
    const format = attempt(() => given.format);
    if (isObject(format)) told.format = fieldsOf(format, ["kind", "suffix"]);
    const points = attempt(() => given.points);
    if (isArray(points)) {
      told.points = [];
      for (let index = 0; index < Math.min(points.length, MOST_POINTS); index++) {
        const point = attempt(() => points[index]);
        told.points[index] = isObject(point) ? fieldsOf(point, POINT_FIELDS) : null;
      }
    }
    return told;
  };

  const answerOf = (result) => {
    const plan = attempt(() => result.plan);
    const lines = attempt(() => result.lines);
    const told = { plan: typeof plan === "string" ? wellFormed(plan) : null, lines: null };
    if (isArray(lines)) {
      told.lines = [];
      for (let index = 0; index < lines.length; index++) told.lines[index] = lineOf(attempt(() => lines[index]));
    }
    return told;
  };

  const failed = (failure) => ({ failure });
  const thrown = (value) => (typeof value === "string" ? { thrown: wellFormed(value) } : { broken: inspect(value) });

  // --- A run ----------------------------------------------------------------------------------------------------------

  for (const name of ["console", "performance", "navigator", "atob", "btoa", "queueMicrotask", "DOMException"])
    delete global[name];

  let evaluation;
  const ctx = { nowIso: bridge.args[0].nowIso, app: bridge.args[0].app, host, line, fmt, util, base64, jwt };

  const enter = () => {
    if (evaluation) return evaluation;
    const plugin = attempt(() => global.__openusage_plugin);
    if (!isObject(plugin)) return failed("missing __openusage_plugin");
    const probe = attempt(() => plugin.probe);
    if (typeof probe !== "function") return failed("missing probe()");
    let result;
    try {
      result = apply(probe, undefined, [global.__openusage_ctx]);
    } catch (error) {
      return thrown(error);
    }
    let waiting;
    try {
      waiting = then(result, (value) => (isObject(value) ? answerOf(value) : { broken: "not an object" }), thrown);
    } catch {
      return isObject(result) ? answerOf(result) : failed("probe() returned non-object");
    }
    return waiting;
  };

  return {
    globals: { __openusage_ctx: ctx },
    isStrict: true,
    evaluating: (evaluate) => {
      try {
        evaluate();
      } catch (error) {
        evaluation = { failure: "script eval failed", broken: inspect(error) };
      }
    },
    enter,
  };
};
