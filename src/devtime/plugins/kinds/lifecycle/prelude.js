// The prelude of lifecycle plugins: ours, run in every machine before the plugin's first character. It makes `ctx`, `log`, `warn`
// and `error`, and calls what the order names. It protects nobody: whose rows and keys are asked for, the host knows by itself.
(bridge) => {
  "use strict";
  const { args, call, inspect, log } = bridge;
  const { Array, Error, Number, Object, String, TypeError } = globalThis;
  const { isArray } = Array;
  const { hasOwn, keys } = Object;
  const { isSafeInteger } = Number;
  const order = args[0];

  const line = (values) => {
    let text = "";
    for (let index = 0; index < values.length; index++) text += (index ? " " : "") + inspect(values[index]);
    return text;
  };
  const writer = (level) => (...values) => log(level, line(values));

  // An answer that is an error comes from outside: it is placed where the plugin asked.
  const ask = async (name, ...values) => {
    const { stack } = new Error();
    try {
      return await call(name, ...values);
    } catch (error) {
      error.stack = stack;
      throw error;
    }
  };

  const told = (value) => (value === null ? "null" : isArray(value) ? "an array" : typeof value);

  const textOf = (value, what) => {
    if (typeof value === "string") return value;
    if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
    throw new TypeError(`${what} must be a string, not ${told(value)}; JSON.stringify makes one of anything`);
  };
  const wholeOf = (value, what) => {
    if (isSafeInteger(value)) return value;
    throw new TypeError(`${what} must be a whole number, not ${typeof value === "number" ? value : told(value)}`);
  };

  // set(key, value), set(key, value, seconds), set(key, value, "EX", seconds), set(key, value, { ex: seconds })
  const lifetimeOf = (first, second) => {
    if (first === undefined || first === null) return null;
    if (first === "EX" || first === "ex") return wholeOf(second, "a lifetime in seconds");
    if (typeof first === "object") return first.ex === undefined ? null : wholeOf(first.ex, "a lifetime in seconds");
    return wholeOf(first, "a lifetime in seconds");
  };

  const redis = {
    get: async (key) => ask("redis.get", textOf(key, "a key")),
    set: async (key, value, ...lifetime) => {
      await ask("redis.set", textOf(key, "a key"), textOf(value, "a value"), lifetimeOf(lifetime[0], lifetime[1]));
    },
    del: async (key) => ask("redis.del", textOf(key, "a key")),
    exists: async (key) => (await ask("redis.get", textOf(key, "a key"))) !== null,
    incr: async (key) => ask("redis.incr", textOf(key, "a key"), 1),
    decr: async (key) => ask("redis.incr", textOf(key, "a key"), -1),
    incrby: async (key, by) => ask("redis.incr", textOf(key, "a key"), wholeOf(by, "what is added")),
    decrby: async (key, by) => ask("redis.incr", textOf(key, "a key"), -wholeOf(by, "what is taken")),
    expire: async (key, seconds) => ask("redis.expire", textOf(key, "a key"), wholeOf(seconds, "a lifetime in seconds")),
    ttl: async (key) => ask("redis.ttl", textOf(key, "a key")),
  };

  const db = {
    query: async (sql, params) => {
      if (typeof sql !== "string") throw new TypeError(`sql must be a string, not ${told(sql)}`);
      if (params === undefined || params === null) return ask("db.query", sql, []);
      if (!isArray(params)) throw new TypeError(`params must be an array, as in query(sql, [first, second]), not ${told(params)}`);
      const values = [];
      for (let index = 0; index < params.length; index++) {
        const value = params[index];
        if (typeof value === "function" || typeof value === "symbol")
          throw new TypeError(`parameter $${index + 1} is a ${typeof value}, which is no value`);
        values[index] = value === undefined ? null : typeof value === "bigint" ? String(value) : value;
      }
      return ask("db.query", sql, values);
    },
  };

  const ctx = { user_id: order.user_id, db, redis, config: order.config, settings: order.settings, plugin: order.plugin };
  const globals = { ctx, log: writer("log"), warn: writer("warn"), error: writer("error") };
  if (order.trigger === "on_heartbeat") globals.heartbeat = order.heartbeat;

  const shape = (find) => {
    const hooks = [];
    for (const name of ["on_install", "on_heartbeat", "on_tick"])
      if (typeof find(name).value === "function") hooks[hooks.length] = name;
    const { value } = find("endpoints");
    return { hooks, endpoints: value !== null && typeof value === "object" ? keys(value) : [] };
  };

  const target = (find) => {
    if (order.endpoint === null) return { holder: undefined, value: find(order.trigger).value };
    const { value } = find("endpoints");
    const isThere = value !== null && typeof value === "object" && hasOwn(value, order.endpoint);
    return { holder: value, value: isThere ? value[order.endpoint] : undefined };
  };

  const enter = async (find) => {
    if (order.trigger === "inspect") return shape(find);
    const { holder, value } = target(find);
    if (typeof value !== "function") return { found: false };
    const given = order.endpoint === null ? order.heartbeat : order.body;
    const handle = (self, handler) => (given === null ? handler.call(self, ctx) : handler.call(self, ctx, given));
    return { found: true, value: await handle(holder, value) };
  };

  return { globals, enter };
}
