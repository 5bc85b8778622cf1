/**
 * What a widget asks of the server, asked on its behalf: under `/api/` and `/badge/` only, with its own token and nothing of the
 * person's. The frame is not believed: what it says is checked here, and what the token may do, on the server.
 */

const MOST_AT_ONCE = 6;
const MOST_WAITING = 100;
const MOST_BODY_BYTES = 10 * 1024 * 1024;
const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]);
const TAKEN_ALONG = new Set(["accept", "content-type"]);
const REACHED = ["/api/", "/badge/"];
const EARLY = 0.8;

/** @typedef {{token: string, lasts_ms: number, script: string, settings: object}} Start */

export class Bridge {
  /** @type {Map<number, AbortController>} */
  #running = new Map();
  /** @type {any[]} */
  #waiting = [];
  /** @type {Promise<Start> | null} */
  #start = null;
  #renewAt = 0;
  #isClosed = false;

  /**
   * @param {string} tokenPath where a token is asked for
   * @param {(answer: object, moved: Transferable[]) => void} send
   */
  constructor(tokenPath, send) {
    this.tokenPath = tokenPath;
    this.send = send;
  }

  /**
   * What the widget is started with; asked again when its token is about to run out.
   * @returns {Promise<Start>}
   */
  start() {
    if (!this.#start || performance.now() > this.#renewAt) {
      this.#renewAt = Infinity;
      this.#start = this.#ask();
      this.#start.catch(() => (this.#start = null));
    }
    return this.#start;
  }

  async #ask() {
    const answer = await fetch(this.tokenPath, { method: "POST", headers: { Accept: "application/json" } });
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      throw new Error(problem.detail ?? "the server does not answer");
    }
    const start = await answer.json();
    this.#renewAt = performance.now() + start.lasts_ms * EARLY;
    return start;
  }

  /** @param {any} told what a frame wants fetched */
  fetch(told) {
    if (this.#isClosed || typeof told.id !== "number") return;
    if (this.#waiting.length >= MOST_WAITING) {
      this.send({ kind: "answer", id: told.id, error: "too many requests at once" }, []);
      return;
    }
    this.#waiting.push(told);
    this.#next();
  }

  /** @param {number} id */
  abort(id) {
    this.#waiting = this.#waiting.filter((told) => told.id !== id);
    this.#running.get(id)?.abort();
  }

  close() {
    this.#isClosed = true;
    this.#waiting = [];
    for (const running of this.#running.values()) running.abort();
  }

  #next() {
    while (this.#running.size < MOST_AT_ONCE && this.#waiting.length) {
      const told = this.#waiting.shift();
      const control = new AbortController();
      this.#running.set(told.id, control);
      this.#carry(told, control.signal)
        .catch((error) => this.send({ kind: "answer", id: told.id, error: String(error?.message ?? error) }, []))
        .finally(() => {
          this.#running.delete(told.id);
          this.#next();
        });
    }
  }

  /**
   * @param {any} told
   * @param {AbortSignal} signal
   */
  async #carry(told, signal) {
    const url = new URL(String(told.path), location.origin);
    if (url.origin !== location.origin || !REACHED.some((start) => url.pathname.startsWith(start))) {
      throw new Error(`widgets reach /api/ only, not ${url.pathname}`);
    }
    if (!METHODS.has(told.method)) throw new Error(`widgets cannot send ${told.method}`);
    const body = told.body instanceof ArrayBuffer && told.body.byteLength ? told.body : undefined;
    if (body && body.byteLength > MOST_BODY_BYTES) throw new Error("the request is too long");
    const headers = new Headers();
    for (const [name, value] of Array.isArray(told.headers) ? told.headers : []) {
      if (TAKEN_ALONG.has(String(name).toLowerCase())) headers.set(name, value);
    }
    headers.set("Authorization", `Bearer ${(await this.start()).token}`);
    const answer = await fetch(url, {
      method: told.method,
      headers,
      body,
      signal,
      credentials: "omit",
      redirect: "error",
      cache: "no-store",
    });
    if (answer.status === 401) this.#renewAt = 0;
    const whole = await answer.arrayBuffer();
    const { status, statusText } = answer;
    this.send({ kind: "answer", id: told.id, status, statusText, headers: [...answer.headers], body: whole }, [whole]);
  }
}
