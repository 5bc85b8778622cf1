// The boot script of the plugin engine: ours, run first in every machine, before a plugin's first character.
// It keeps what it needs of the language for itself, gives the plugin a console, turns host calls into promises, finds modules,
// and tells how a run ended. Nothing here protects the host: what it counts, the worker and the server count again.
(native) => {
  "use strict";
  const { ask, evaluate } = native;
  const { Error, JSON, Map, Object, Promise, String, Symbol } = globalThis;
  const { parse, stringify } = JSON;
  const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf } = Object;
  const { ownKeys } = Reflect;
  const { isArray } = Array;
  const toError = Error.prototype.toString;
  // free(f) is f with `this` as its first argument, whatever becomes of f's prototype later.
  const free = Function.prototype.bind.bind(Function.prototype.call);
  const [get, set, has, remove, each] = ["get", "set", "has", "delete", "forEach"].map((name) => free(Map.prototype[name]));
  const sizeOf = free(getOwnPropertyDescriptor(Map.prototype, "size").get);
  const setSizeOf = free(getOwnPropertyDescriptor(Set.prototype, "size").get);
  const [push, join] = [free(Array.prototype.push), free(Array.prototype.join)];
  const [slice, split, startsWith, indexOf, lastIndexOf] = ["slice", "split", "startsWith", "indexOf", "lastIndexOf"].map(
    (name) => free(String.prototype[name]),
  );
  const then = free(Promise.prototype.then);
  const apply = free(Function.prototype.apply);
  const isoOf = free(Date.prototype.toISOString);
  const patternOf = free(RegExp.prototype.toString);
  const symbolOf = free(Symbol.prototype.toString);
  const test = free(RegExp.prototype.exec);
  const PATH = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/;
  const COMPILE_ONLY = 1 << 5;
  const MODULE = 1;
  const STRICT = 1 << 3;

  let limits;
  let order;
  let outcome;
  let prelude;
  let asked = 0;
  let logged = 0;
  const waiting = new Map();
  const unhandled = new Map();

  // --- Telling values -------------------------------------------------------------------------------------------------

  const attempt = (action, otherwise) => {
    try {
      return action();
    } catch {
      return otherwise;
    }
  };

  const cut = (text, length) => (text.length > length ? slice(text, 0, length - 1) + "…" : text);

  const nameOf = (object) => {
    const prototype = getPrototypeOf(object);
    const maker = prototype && getOwnPropertyDescriptor(prototype, "constructor");
    const name = maker && typeof maker.value === "function" && getOwnPropertyDescriptor(maker.value, "name");
    return name && typeof name.value === "string" ? name.value : "";
  };

  const isError = (value) => typeof value === "object" && value !== null && value instanceof Error;

  const properties = (object, around, room) => {
    const keys = ownKeys(object);
    const isList = isArray(object);
    const parts = [];
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index];
      if (isList && key === "length") continue;
      if (parts.length >= 100) {
        push(parts, "…");
        break;
      }
      const property = getOwnPropertyDescriptor(object, key);
      if (!property || !property.enumerable) continue;
      const value = "value" in property ? inspect(property.value, around, room) : "[Getter]";
      push(parts, isList ? value : `${typeof key === "symbol" ? `[${symbolOf(key)}]` : key}: ${value}`);
    }
    const inside = join(parts, ", ");
    return isList ? `[${inside}]` : inside ? `{ ${inside} }` : "{}";
  };

  const inspectObject = (object, around, room) => {
    for (let index = 0; index < around.length; index++) if (around[index] === object) return "[Circular]";
    if (isError(object)) return describeError(object);
    const name = nameOf(object);
    if (name === "Date") return attempt(() => isoOf(object), "Invalid Date");
    if (name === "RegExp") return patternOf(object);
    if (name === "Map") return `Map(${sizeOf(object)})`;
    if (name === "Set") return `Set(${setSizeOf(object)})`;
    if (name === "Promise") return "Promise";
    if (around.length >= 4) return isArray(object) ? "[Array]" : "[Object]";
    const inner = [];
    for (let index = 0; index < around.length; index++) push(inner, around[index]);
    push(inner, object);
    const text = properties(object, inner, room);
    return name && name !== "Object" && name !== "Array" ? `${name} ${text}` : text;
  };

  // One line for any value; never runs a getter. What answers with endless loops is stopped from outside.
  const inspect = (value, around = [], room = { left: 2000 }) => {
    if (room.left-- <= 0) return "…";
    switch (typeof value) {
      case "string":
        return around.length ? stringify(cut(value, 1000)) : value;
      case "bigint":
        return `${value}n`;
      case "symbol":
        return symbolOf(value);
      case "function":
        return `[Function ${attempt(() => cut(String(getOwnPropertyDescriptor(value, "name").value), 100), "")}]`;
      case "object":
        return value === null ? "null" : attempt(() => inspectObject(value, around, room), "[Object]");
      default:
        return value === 0 && 1 / value < 0 ? "-0" : String(value);
    }
  };

  // The frames of a stack that are the plugin's.
  const framesOf = (error) => {
    const stack = attempt(() => error.stack, "");
    const lines = typeof stack === "string" ? split(cut(stack, 8000), "\n") : [];
    const theirs = [];
    for (let index = 0; index < lines.length; index++)
      if (lines[index] && indexOf(lines[index], "<devtime>") < 0) push(theirs, lines[index]);
    while (theirs.length && slice(theirs[theirs.length - 1], -8) === "(native)") theirs.length--;
    return join(theirs, "\n");
  };

  const describeError = (error) => {
    const head = attempt(() => String(apply(toError, error, [])), "Error");
    const frames = framesOf(error);
    return frames ? `${head}\n${frames}` : head;
  };

  const text = (values) => {
    const parts = [];
    let first = 0;
    if (values.length > 1 && typeof values[0] === "string" && indexOf(values[0], "%") >= 0) {
      first = 1;
      const pieces = split(values[0], "%");
      let line = pieces[0];
      for (let index = 1; index < pieces.length; index++) {
        const piece = pieces[index];
        const letter = piece[0];
        if (piece === "" && index + 1 < pieces.length) {
          line += "%" + pieces[++index];
        } else if (first < values.length && letter !== undefined && indexOf("sdifjoOc", letter) >= 0) {
          const value = values[first++];
          line += (letter === "c" ? "" : inspect(value)) + slice(piece, 1);
        } else {
          line += "%" + piece;
        }
      }
      push(parts, line);
    }
    for (let index = first; index < values.length; index++) push(parts, inspect(values[index]));
    return join(parts, " ");
  };

  const log = (level, values) => {
    if (logged++ < limits.log_lines) ask(`["log",${stringify(level)},${stringify(cut(text(values), limits.log_chars))}]`);
  };

  const setUpConsole = () => {
    const console = {};
    const levels = { log: "log", info: "info", debug: "debug", warn: "warn", error: "error", trace: "debug" };
    for (const name of ["dir", "table", "group", "groupCollapsed"]) levels[name] = "log";
    for (const name of Object.keys(levels)) console[name] = (...values) => log(levels[name], values);
    console.assert = (holds, ...values) => {
      if (!holds) log("error", ["Assertion failed:", ...values]);
    };
    console.groupEnd = () => {};
    defineProperty(globalThis, "console", { value: console, writable: true, configurable: true });
  };

  // --- Asking the host ------------------------------------------------------------------------------------------------

  const hostError = (told) => {
    const error = new Error(told.message);
    error.code = told.code;
    return error;
  };

  const written = (values) => {
    if (++asked > limits.host_calls)
      throw hostError({ code: "too_many_calls", message: `more than ${limits.host_calls} host calls in one run` });
    const message = stringify(values);
    if (typeof message !== "string") throw hostError({ code: "invalid", message: "arguments must be JSON values" });
    if (message.length > limits.message_bytes)
      throw hostError({ code: "too_large", message: `arguments larger than ${limits.message_bytes} bytes` });
    return message;
  };

  const call = (name, ...values) =>
    new Promise((resolve, reject) => {
      if (sizeOf(waiting) >= limits.in_flight)
        throw hostError({ code: "too_many_calls", message: `more than ${limits.in_flight} host calls at once` });
      const message = written(values);
      set(waiting, asked, { resolve, reject });
      ask(`["call",${asked},${stringify(String(name))},${message}]`);
    });

  const callSync = (name, ...values) => {
    const message = written(values);
    const reply = parse(ask(`["sync",${asked},${stringify(String(name))},${message}]`));
    if (reply[0]) return reply[1];
    throw hostError(reply[1]);
  };

  const settle = (id, isGood, value) => {
    const call = get(waiting, id);
    if (!call) return;
    remove(waiting, id);
    if (isGood) call.resolve(value);
    else call.reject(hostError(value));
  };

  // --- Modules --------------------------------------------------------------------------------------------------------

  const known = (table, name) => table !== null && getOwnPropertyDescriptor(table, name) !== undefined;

  const join_path = (importer, name) => {
    const steps = split(slice(importer, 0, lastIndexOf(importer, "/") + 1) + name, "/");
    const path = [];
    for (let index = 0; index < steps.length; index++) {
      const step = steps[index];
      if (step === "" || step === ".") continue;
      if (step !== "..") push(path, step);
      else if (path.length === 0) return null;
      else path.length--;
    }
    return join(path, "/");
  };

  // As people write them: "./a", "./a.js" for a file a.ts, "./a" for a/index.ts.
  const candidates = (path) => {
    const bare = test(/\.[cm]?js$/, path) ? slice(path, 0, lastIndexOf(path, ".")) : path;
    const found = [path];
    for (const ending of [".ts", ".tsx", ".js", ".mjs", ".json"]) push(found, bare + ending);
    for (const ending of ["/index.ts", "/index.js"]) push(found, path + ending);
    return found;
  };

  const resolve = (importer, name) => {
    if (importer === "<devtime>") return name;
    if (startsWith(name, "./") || startsWith(name, "../")) {
      const path = known(order.modules, importer) || importer === order.file ? join_path(importer, name) : null;
      const names = path === null ? [] : candidates(path);
      for (let index = 0; index < names.length; index++) if (known(order.modules, names[index])) return names[index];
    } else if (known(order.foreign, name)) {
      return `<host>/${name}`;
    }
    throw new Error(`could not load module '${cut(name, 200)}'`);
  };

  const load = (name) => {
    if (startsWith(name, "<host>/")) return order.foreign[slice(name, 7)];
    if (!known(order.modules, name)) throw new Error(`could not load module '${cut(name, 200)}'`);
    const source = order.modules[name];
    return slice(name, -5) === ".json" ? { data: source } : source;
  };

  // --- A run ----------------------------------------------------------------------------------------------------------

  // The value at a dotted path of names, and what it was found on: globals of a script, exports of a module.
  const find = (path, exports) => {
    if (!test(PATH, path)) throw new Error("an entry is a path of names");
    const names = split(path, ".");
    let holder;
    let value;
    for (let index = 0; index < names.length; index++) {
      const name = names[index];
      holder = value;
      if (index) value = value === undefined || value === null ? undefined : value[name];
      else if (exports) value = exports[name];
      else value = evaluate(`typeof ${name} === "undefined" ? undefined : ${name}`, "<entry>", 0);
    }
    return { holder, value };
  };

  const run = async () => {
    const levels = { debug: 0, log: 0, info: 0, warn: 0, error: 0 };
    const told = (level, ...values) => log(known(levels, level) ? level : "log", values);
    const bridge = { args: order.args, call, callSync, inspect, log: told };
    const kit = prelude ? prelude(bridge) : {};
    const globals = kit.globals || {};
    for (const name of Object.keys(globals))
      defineProperty(globalThis, name, { value: globals[name], writable: true, configurable: true });
    let exports;
    const load = () => evaluate(order.script, order.file, kit.isStrict ? STRICT : 0);
    if (order.script !== null) kit.evaluating ? kit.evaluating(load) : load();
    else exports = await import(order.file);
    if (kit.enter) return await kit.enter((path) => find(path, exports), order.args);
    const { holder, value } = find(order.entry, exports);
    if (typeof value !== "function") {
      outcome = '{"kind":"missing"}';
      return undefined;
    }
    return await apply(value, holder, kit.arguments ? kit.arguments(order.args) : order.args);
  };

  const check = () => {
    if (order.script !== null) evaluate(order.script, order.file, COMPILE_ONLY);
    for (const name of ownKeys(order.modules || {}))
      if (slice(name, -5) === ".json") parse(order.modules[name]);
      else evaluate(order.modules[name], name, COMPILE_ONLY | MODULE);
    return null;
  };

  const succeed = (value) => {
    if (outcome !== undefined) return;
    const result = stringify(value);
    outcome = `{"kind":"ok","value":${typeof result === "string" ? result : "null"}}`;
    if (outcome.length > limits.result_bytes + 100) outcome = '{"kind":"limit","told":"the result is too large"}';
  };

  const fail = (thrown) => {
    if (outcome !== undefined) return;
    const error = { name: "", message: "", stack: "" };
    if (isError(thrown)) {
      error.name = attempt(() => String(thrown.name), "Error");
      error.message = attempt(() => String(thrown.message), "");
      error.stack = framesOf(thrown);
    } else {
      error.message = inspect(thrown);
    }
    const isFull = error.name === "InternalError" && error.message === "out of memory";
    for (const [name, length] of [["name", 100], ["message", 2000], ["stack", 4000]]) error[name] = cut(error[name], length);
    outcome = isFull ? '{"kind":"memory"}' : `{"kind":"thrown","error":${stringify(error)}}`;
  };

  const begin = (message) => {
    order = message;
    limits = message.limits;
    setUpConsole();
    const ending = message.is_check ? new Promise((resolve) => resolve(check())) : run();
    then(then(ending, succeed), undefined, fail);
  };

  const dispatch = (message) => {
    const told = parse(message);
    if (told[0] === "begin") return begin(told[1]);
    for (let index = 1; index < told.length; index++) settle(told[index][0], told[index][1], told[index][2]);
  };

  const rejected = (promise, reason, isHandled) => {
    if (isHandled) remove(unhandled, promise);
    else if (sizeOf(unhandled) < 20) set(unhandled, promise, reason);
  };

  // How the run stands: undefined while something will go on, or how it ended. Calls that were begun are waited for.
  const poll = () => {
    if (sizeOf(waiting) > 0) return undefined;
    each(unhandled, (reason) => log("error", ["Unhandled rejection:", reason]));
    return outcome === undefined ? '{"kind":"deadlock"}' : outcome;
  };

  const furnish = (value) => {
    prelude = value;
  };

  return { dispatch, poll, resolve, load, rejected, furnish };
};
