// The prelude of authors' tests: `test`, and what each test is handed as `t`. Written for people's tests, not against strangers.
(bridge) => {
  "use strict";
  const { call, inspect, log } = bridge;
  const tests = [];
  const writer = (level) => (...values) => log(level, ...values);

  const test = (name, run) => {
    if (typeof run !== "function") throw new TypeError("test(name, async (t) => { … }) takes a function");
    tests.push([String(name), run]);
  };

  const same = (left, right) => {
    if (Object.is(left, right)) return true;
    if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
    if (Array.isArray(left) !== Array.isArray(right)) return false;
    const names = Object.keys(left);
    if (names.length !== Object.keys(right).length) return false;
    return names.every((name) => Object.hasOwn(right, name) && same(left[name], right[name]));
  };

  const contains = (whole, part) =>
    typeof whole === "string" ? whole.includes(part) : Array.isArray(whole) && whole.some((each) => same(each, part));

  const checks = {
    toBe: [(actual, expected) => Object.is(actual, expected), "to be"],
    toEqual: [same, "to equal"],
    toContain: [contains, "to contain"],
    toBeGreaterThan: [(actual, least) => actual > least, "to be greater than"],
    toBeLessThan: [(actual, most) => actual < most, "to be less than"],
  };

  const expect = (actual) => {
    const positive = { not: {} };
    for (const [name, [holds, words]] of Object.entries(checks))
      for (const [holder, wanted] of [[positive, true], [positive.not, false]])
        holder[name] = (expected) => {
          if (holds(actual, expected) === wanted) return;
          throw new Error(`expected ${inspect(actual)} ${wanted ? "" : "not "}${words} ${inspect(expected)}`);
        };
    positive.toThrow = async (message = "") => {
      try {
        await (typeof actual === "function" ? actual() : actual);
      } catch (error) {
        const told = error instanceof Error ? error.message : inspect(error);
        if (told.includes(message)) return;
        throw new Error(`expected an error with ${inspect(message)}, not ${inspect(told)}`);
      }
      throw new Error("expected an error, and there was none");
    };
    return positive;
  };

  const makeTrial = (user_id) => ({
    user_id,
    expect,
    db: { query: (sql, params = []) => call("db.query", sql, params) },
    redis: {
      get: (key) => call("redis.get", key),
      set: async (key, value) => void (await call("redis.set", key, value, null)),
      del: async (key) => void (await call("redis.del", key)),
      incr: (key) => call("redis.incr", key, 1),
    },
    heartbeats: (beats) => call("test.record", beats),
    heartbeat: async (beat = {}) => call("test.call", "on_heartbeat", (await call("test.record", [beat]))[0], {}),
    install: () => call("test.call", "on_install", null, {}),
    tick: () => call("test.call", "on_tick", null, {}),
    rpc: async (handler, body = {}) => (await call("test.call", "rpc:" + handler, null, body)).value,
  });

  const enter = async () => {
    for (const [name, run] of tests) {
      let failure = null;
      const user_id = await call("test.begin", name);
      try {
        await run(makeTrial(user_id));
      } catch (error) {
        const isError = error instanceof Error;
        failure = { message: isError ? `${error.message}` : inspect(error), stack: isError ? `${error.stack}` : "" };
      }
      await call("test.end", name, failure);
    }
    return tests.length;
  };

  return { globals: { test, log: writer("log"), warn: writer("warn"), error: writer("error") }, enter };
}
