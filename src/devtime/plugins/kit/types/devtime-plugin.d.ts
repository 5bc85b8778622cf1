/**
 * What scripts of DevTime plugins see. Put this file beside plugin.js: editors and TypeScript find it by themselves.
 * Lifecycle plugins run on the server (ctx, hooks, endpoints); widgets run in a frame of their own (container, token).
 */

/** A value JSON can hold. */
type Json = null | boolean | number | string | Json[] | { [name: string]: Json | undefined };

/** A row of a query, by column name. */
type Row = Record<string, any>;

/** What every hook and endpoint gets first. All of it is scoped to the user who installed the plugin. */
interface Ctx {
  /** UUID of the user the plugin runs for. */
  readonly user_id: string;
  readonly db: {
    /**
     * Runs one SELECT, INSERT, UPDATE or DELETE on the documented tables. Rows of other users do not exist for it.
     * Whole numbers arrive as numbers, jsonb as objects, moments as ISO 8601 texts.
     */
    query<T extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<T[]>;
  };
  /** Texts of this plugin and this user alone. */
  readonly redis: {
    get(key: string): Promise<string | null>;
    set(key: string, value: string): Promise<void>;
    del(key: string): Promise<void>;
    /** Adds 1 to a whole number (0 when there is none) and answers the sum. */
    incr(key: string): Promise<number>;
  };
  readonly config: {
    /** Address of the server: https://devtime.example. */
    readonly base_url: string;
  };
}

/** The heartbeat that was just recorded. */
interface Heartbeat {
  readonly project: string;
  readonly language: string;
  readonly file: string;
  readonly editor: string;
  readonly branch: string;
  readonly os: string;
  readonly machine: string;
  /** Seconds. */
  readonly duration: number;
  /** Unix time in seconds. */
  readonly time: number;
}

/** Called once, when the plugin is installed. */
type OnInstall = (ctx: Ctx) => void | Promise<void>;
/** Called after each recorded heartbeat. */
type OnHeartbeat = (ctx: Ctx, heartbeat: Heartbeat) => void | Promise<void>;
/** Called about once a minute. */
type OnTick = (ctx: Ctx) => void | Promise<void>;

/** Handlers of POST /api/v1/plugins/NAME/rpc/HANDLER. `req` is the body, `{}` without one. */
type Endpoint = (ctx: Ctx, req: { [name: string]: any }) => unknown;
type Endpoints = { [handler: string]: Endpoint };

/** Writes to the plugin's log. */
declare function log(...values: unknown[]): void;
/** Writes a warning to the plugin's log. */
declare function warn(...values: unknown[]): void;
/** Writes an error to the plugin's log. */
declare function error(...values: unknown[]): void;

/** Widgets: where to draw. It is in the frame's document already. */
declare const container: HTMLDivElement;
/** Widgets: reads the user's own figures; send it as `Authorization: Bearer …`. */
declare const token: string;
/** Widgets: whether the page around is dark just now. */
declare const isDark: boolean;

/** What a run of the plugin did, as tests see it. */
interface TestRun {
  /** What the hook or endpoint answered. */
  readonly value: any;
  readonly logs: readonly { readonly level: "debug" | "log" | "info" | "warn" | "error"; readonly text: string }[];
  readonly duration_ms: number;
  readonly memory_bytes: number;
}

/** A heartbeat of a test; `minutes_ago` is counted from now, unless there is a `time`. */
type TestHeartbeat = Partial<Heartbeat> & { minutes_ago?: number };

/** What `t.expect` holds; each throws when it does not. */
interface Expectation {
  toBe(expected: unknown): void;
  /** The same value, looked at deeply. */
  toEqual(expected: unknown): void;
  toContain(part: unknown): void;
  toBeGreaterThan(least: number): void;
  toBeLessThan(most: number): void;
  /** For a promise: that it is rejected, with this in its message. */
  toThrow(message?: string): Promise<void>;
  readonly not: Omit<Expectation, "not" | "toThrow">;
}

/** A test's own user, with an empty database. Runs of the plugin are real: sandbox, SQL and key-value store. */
interface Trial {
  readonly user_id: string;
  readonly redis: Ctx["redis"];
  readonly db: Ctx["db"];
  /** Records heartbeats without telling the plugin. */
  heartbeats(beats: readonly TestHeartbeat[]): Promise<void>;
  /** Records one heartbeat and runs `on_heartbeat` with it. */
  heartbeat(beat?: TestHeartbeat): Promise<TestRun>;
  install(): Promise<TestRun>;
  tick(): Promise<TestRun>;
  /** What an endpoint answers; rejected with what it threw. */
  rpc(handler: string, body?: { [name: string]: unknown }): Promise<any>;
  expect(actual: unknown): Expectation;
}

/** Declares a test, in a file whose name ends in .test.js. */
declare function test(name: string, run: (t: Trial) => void | Promise<void>): void;
