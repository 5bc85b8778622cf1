/** One widget on the page: its frame, what it is told, and what of its messages is believed. */

import { Bridge } from "./bridge.js";

const LEAST_PX = 24;
const MOST_PX = 1200;
const THEMED = [
  "--bg", "--bg-card", "--bg-input", "--bg-hover", "--text-main", "--text-muted", "--text-dark", "--border",
  "--border-focus", "--radius-sm", "--radius", "--radius-pill", "--accent",
];

/**
 * What happens to a widget. `failed`: it threw; `isEmpty`: before it showed anything. `left`: it tried to go elsewhere.
 * @typedef {{
 *   onStarted?: () => void,
 *   onFailed?: (message: string, isEmpty: boolean) => void,
 *   onLeft?: () => void,
 * }} Ears
 */

export class Stage {
  /** @type {HTMLIFrameElement | null} */
  #frame = null;
  /** @type {MessagePort | null} */
  #port = null;
  /** @type {Bridge | null} */
  #bridge = null;
  #heardAt = 0;
  #script = "";

  /**
   * @param {HTMLElement} place an element that is to hold the frame
   * @param {{title: string, framePath: string, tokenPath: string, script?: string}} what
   *   `script` instead of the installed one: for what is being written
   * @param {Ears} [ears]
   */
  constructor(place, what, ears = {}) {
    this.place = place;
    this.what = what;
    this.ears = ears;
  }

  /** Whether there is a frame that was started. */
  get isOpen() {
    return this.#frame !== null;
  }

  /** Runs the widget, from the beginning. Resolves when its script has run once through; never for one that hangs. */
  async open() {
    this.close();
    const bridge = new Bridge(this.what.tokenPath, (answer, moved) => this.#port?.postMessage(answer, moved));
    this.#bridge = bridge;
    const start = await bridge.start();
    if (this.#bridge !== bridge) return;
    this.#script = this.what.script ?? start.script;
    await this.#load(start);
  }

  /** Takes the frame away, whatever it is doing. */
  close() {
    this.#bridge?.close();
    this.#port?.close();
    this.#frame?.remove();
    this.#frame = this.#port = this.#bridge = null;
  }

  /** Asks for a sign of life. */
  ping() {
    this.#port?.postMessage({ kind: "ping" });
  }

  /** When the frame was heard last, in milliseconds of `performance.now()`. */
  get heardAt() {
    return this.#heardAt;
  }

  /** Tells the frame how the page looks now. */
  tellTheme() {
    this.#port?.postMessage({ kind: "theme", ...theme() });
  }

  /**
   * @param {import("./bridge.js").Start} start
   * @returns {Promise<void>}
   */
  #load(start) {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.title = this.what.title;
    frame.src = this.what.framePath;
    frame.className = "widget-frame";
    this.#frame = frame;
    this.#heardAt = performance.now();
    return new Promise((resolve) => {
      let loads = 0;
      frame.addEventListener("load", () => {
        loads += 1;
        if (this.#frame !== frame) return;
        if (loads > 1) {
          // Another document has no claim to what the first one was given.
          this.close();
          this.ears.onLeft?.();
          return;
        }
        const channel = new MessageChannel();
        this.#port = channel.port1;
        channel.port1.onmessage = ({ data }) => this.#hear(frame, data, start, resolve);
        frame.contentWindow?.postMessage({ kind: "port" }, "*", [channel.port2]);
      });
      this.place.append(frame);
    });
  }

  /**
   * @param {HTMLIFrameElement} frame
   * @param {any} told
   * @param {import("./bridge.js").Start} start
   * @param {() => void} resolve
   */
  #hear(frame, told, start, resolve) {
    if (this.#frame !== frame || typeof told !== "object" || told === null) return;
    this.#heardAt = performance.now();
    if (told.kind === "ready") {
      const { token, settings } = start;
      this.#port?.postMessage({ kind: "start", script: this.#script, token, settings, ...theme() });
    } else if (told.kind === "started") {
      resolve();
      this.ears.onStarted?.();
    } else if (told.kind === "failed") {
      this.ears.onFailed?.(String(told.message).slice(0, 500), told.isEmpty === true);
    } else if (told.kind === "height") {
      const height = Number(told.height);
      frame.style.height = `${Math.min(Math.max(Number.isFinite(height) ? height : 0, LEAST_PX), MOST_PX)}px`;
    } else if (told.kind === "fetch") {
      this.#bridge?.fetch(told);
    } else if (told.kind === "abort") {
      this.#bridge?.abort(told.id);
    }
  }
}

/** How the page looks, for a frame's document. */
function theme() {
  const root = document.documentElement;
  const chosen = root.dataset.theme;
  const isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  const style = getComputedStyle(root);
  const tokens = Object.fromEntries(THEMED.map((name) => [name, style.getPropertyValue(name).trim()]));
  return { isDark, tokens };
}
