/**
 * Runs one widget inside its own document, which has no origin. It is written into that document, alone. The page that
 * holds the frame hands over a port, once; everything else goes through it. A widget may get at the port too: whoever
 * listens at its other end (js/widgets/stage.js) believes nothing it says.
 */
(() => {
  "use strict";

  /** @typedef {{resolve: (answer: Response) => void, reject: (error: unknown) => void, url: string}} Asked */

  const nativeFetch = globalThis.fetch.bind(globalThis);
  const home = new URL(document.baseURI);
  /** @type {MessagePort} */
  let port;
  /** @type {Map<number, Asked>} */
  const asked = new Map();
  let lastId = 0;
  let tallest = -1;

  // Peer connections open sockets that no policy stops. Nothing in here can get at another window that still has them.
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "RTCDataChannel", "WebTransport"]) {
    Reflect.deleteProperty(globalThis, name);
  }
  // A widget that pushes states takes the way back from whoever reads the page.
  Reflect.deleteProperty(History.prototype, "pushState");

  const container = /** @type {HTMLElement} */ (document.body.firstElementChild);

  addEventListener("message", (event) => {
    if (port || event.source !== parent || !event.ports[0]) return;
    port = event.ports[0];
    port.onmessage = ({ data }) => hear(data);
    port.postMessage({ kind: "ready" });
  });

  /** @param {any} told */
  function hear(told) {
    if (told.kind === "ping") port.postMessage({ kind: "pong" });
    else if (told.kind === "start") start(told);
    else if (told.kind === "theme") changeTheme(told);
    else if (told.kind === "answer") answer(told);
  }

  /** @param {{script: string, token: string, settings: object, isDark: boolean, tokens: Record<string, string>}} told */
  function start(told) {
    changeTheme(told);
    Object.assign(globalThis, { fetch: bridgedFetch });
    addEventListener("error", (event) => fail(event.error ?? event.message));
    addEventListener("unhandledrejection", (event) => fail(event.reason));
    new ResizeObserver(tellHeight).observe(container);
    run(told).catch((error) => {
      console.error(error);
      fail(error);
    });
    tellHeight();
    port.postMessage({ kind: "started" });
  }

  /** @param {{script: string, token: string, settings: object, isDark: boolean}} told */
  async function run(told) {
    // A function's body, as documented; one that may await, too.
    const Body = /** @type {FunctionConstructor} */ ((async () => {}).constructor);
    const body = new Body("container", "token", "isDark", "fetch", "settings", told.script);
    await body.call(undefined, container, told.token, told.isDark, bridgedFetch, told.settings);
  }

  /** @param {unknown} error */
  function fail(error) {
    let message = "";
    try {
      message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    } catch {
      message = "an error that cannot be told";
    }
    port.postMessage({ kind: "failed", message: message.slice(0, 500), isEmpty: container.childNodes.length === 0 });
  }

  /** @param {{isDark: boolean, tokens: Record<string, string>}} told */
  function changeTheme(told) {
    const root = document.documentElement;
    root.dataset.theme = told.isDark ? "dark" : "light";
    for (const [name, value] of Object.entries(told.tokens)) root.style.setProperty(name, value);
    container.dispatchEvent(new CustomEvent("themechange", { detail: { isDark: told.isDark } }));
  }

  function tellHeight() {
    const height = Math.ceil(container.getBoundingClientRect().height);
    if (height !== tallest) port.postMessage({ kind: "height", height: (tallest = height) });
  }

  /**
   * `fetch`, for addresses of this DevTime through the page, for others directly, as far as the document's policy goes.
   * @param {RequestInfo | URL} input
   * @param {RequestInit} [options]
   * @returns {Promise<Response>}
   */
  async function bridgedFetch(input, options) {
    const request = new Request(input, options);
    const url = new URL(request.url);
    if (url.origin !== home.origin) return nativeFetch(request);
    request.signal.throwIfAborted();
    const body = /^(GET|HEAD)$/.test(request.method) ? null : await request.arrayBuffer();
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      asked.set(id, { resolve, reject, url: url.href });
      request.signal.addEventListener("abort", () => {
        if (!asked.delete(id)) return;
        port.postMessage({ kind: "abort", id });
        reject(request.signal.reason);
      });
      const headers = [...request.headers];
      port.postMessage({ kind: "fetch", id, path: url.pathname + url.search, method: request.method, headers, body });
    });
  }

  /** @param {{id: number, error?: string, status: number, statusText: string, headers: [string, string][], body: ArrayBuffer}} told */
  function answer(told) {
    const waiting = asked.get(told.id);
    if (!waiting) return;
    asked.delete(told.id);
    if (told.error !== undefined) {
      waiting.reject(new TypeError(told.error));
      return;
    }
    const hasNone = [101, 204, 205, 304].includes(told.status);
    const { status, statusText, headers } = told;
    const response = new Response(hasNone ? null : told.body, { status, statusText, headers });
    Object.defineProperty(response, "url", { value: waiting.url });
    waiting.resolve(response);
  }
})();
