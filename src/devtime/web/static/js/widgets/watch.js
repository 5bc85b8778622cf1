/**
 * Starts widgets one after the other and notices when one stops answering.
 *
 * Chromium runs all sandboxed frames of a page in one process beside the page's own: a widget that spins leaves the page
 * alone but takes the other widgets with it. So when frames fall silent all of them are removed, which ends the process,
 * and those that are not to blame are started again. To blame is the one that was just starting; when none was, they are
 * started each after the one before has shown that it still answers, and who falls silent then is to blame.
 */

/** @typedef {import("./panel.js").Panel} Panel */

const PING_MS = 2_000;
const SILENT_MS = 6_000;
const PROBATION_MS = 4_000;
const PROCESS_ENDS_MS = 800;
const MOST_STRIKES = 2;
const HUNG = "It stopped answering, and was stopped so that the others go on.";

export class Watch {
  /** @type {Panel[]} */
  #queue = [];
  /** @type {Panel | null} */
  #starting = null;
  #isRunning = false;
  #isEnding = false;
  #tickedAt = performance.now();
  #calmSince = performance.now();
  #release = () => {};

  /** @param {Panel[]} panels */
  constructor(panels) {
    this.panels = panels;
    setInterval(() => this.#tick(), PING_MS);
  }

  /** @param {Panel} panel one to start, or to start anew */
  enqueue(panel) {
    panel.close();
    if (!this.#queue.includes(panel)) this.#queue.push(panel);
    void this.#run();
  }

  async #run() {
    if (this.#isRunning || this.#isEnding) return;
    this.#isRunning = true;
    while (this.#queue.length && !this.#isEnding) {
      const panel = /** @type {Panel} */ (this.#queue.shift());
      this.#starting = panel;
      const released = new Promise((resolve) => (this.#release = () => resolve(undefined)));
      const opened = panel.open().then(() => (panel.strikes ? proveAlive(panel) : undefined));
      await Promise.race([opened, released]);
      if (this.#starting === panel) this.#starting = null;
    }
    this.#isRunning = false;
  }

  #tick() {
    const now = performance.now();
    // A page that was hidden or held up itself hears late; that is nobody's fault.
    if (document.hidden || now - this.#tickedAt > PING_MS * 2) this.#calmSince = now;
    this.#tickedAt = now;
    const open = this.panels.filter((panel) => panel.isOpen);
    const silent = open.filter((panel) => now - Math.max(panel.stage.heardAt, this.#calmSince) > SILENT_MS);
    if (silent.length) void this.#rescue(silent, open);
    else for (const panel of open) panel.stage.ping();
  }

  /**
   * @param {Panel[]} silent
   * @param {Panel[]} open
   */
  async #rescue(silent, open) {
    this.#isEnding = true;
    const starting = this.#starting;
    const culprit = starting && silent.includes(starting) ? starting : silent.length === 1 ? silent[0] : undefined;
    for (const panel of open) panel.close();
    for (const panel of silent) {
      if (!culprit) panel.strikes += 1;
      if (panel === culprit || panel.strikes >= MOST_STRIKES) panel.stop(HUNG);
    }
    this.#release();
    await pause(PROCESS_ENDS_MS);
    this.#isEnding = false;
    const innocent = open.filter((panel) => panel !== culprit && panel.strikes < MOST_STRIKES);
    for (const panel of innocent) this.enqueue(panel);
    void this.#run();
  }
}

/**
 * Waits a while, then until the panel answers; for ever when it does not.
 * @param {Panel} panel
 */
async function proveAlive(panel) {
  await pause(PROBATION_MS);
  const asked = performance.now();
  panel.stage.ping();
  while (panel.isOpen && panel.stage.heardAt < asked) await pause(100);
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
