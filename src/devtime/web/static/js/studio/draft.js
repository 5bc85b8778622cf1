/** What is being written, kept in this browser as it grows: nothing is lost by a reload, and nothing leaves it. */

/** @typedef {"on_heartbeat" | "on_tick" | "on_install" | "widget" | "rpc"} Mode */

/**
 * @typedef {object} Draft
 * @property {Record<string, any>} manifest
 * @property {string} script
 * @property {Mode} mode
 * @property {string} heartbeat JSON, as written
 * @property {string} handler
 * @property {string} body JSON, as written
 * @property {boolean} isDry
 * @property {string} savedAt ISO 8601, empty before it was kept
 */

const PLACE = "devtime.studio.draft";

/** @type {Mode[]} */
export const MODES = ["on_heartbeat", "on_tick", "on_install", "widget", "rpc"];

/** A heartbeat to try a script with. */
export function makeHeartbeat() {
  const heartbeat = {
    project: "my-project",
    language: "typescript",
    file: "src/index.ts",
    editor: "VS Code",
    branch: "main",
    os: "Linux",
    machine: "laptop",
    duration: 60,
    time: Math.floor(Date.now() / 1000),
  };
  return JSON.stringify(heartbeat, null, 2);
}

/**
 * A draft of a template or of a plugin that was opened.
 * @param {Record<string, any>} manifest
 * @param {string} script
 * @param {string} trigger
 * @returns {Draft}
 */
export function makeDraft(manifest, script, trigger) {
  const mode = MODES.find((each) => each === trigger) ?? "widget";
  return { manifest, script, mode, heartbeat: makeHeartbeat(), handler: "", body: "{}", isDry: true, savedAt: "" };
}

/**
 * The draft this browser keeps for a user; null when there is none, or it cannot be read.
 * @param {string} user
 * @returns {Draft | null}
 */
export function restoreDraft(user) {
  try {
    const kept = JSON.parse(localStorage.getItem(`${PLACE}.${user}`) ?? "null");
    if (typeof kept?.script !== "string" || typeof kept.manifest !== "object") return null;
    return { ...makeDraft(kept.manifest ?? {}, "", "widget"), ...kept };
  } catch {
    return null;
  }
}

/**
 * Keeps it; false when the browser does not let us.
 * @param {string} user
 * @param {Draft} draft
 */
export function keepDraft(user, draft) {
  try {
    draft.savedAt = new Date().toISOString();
    localStorage.setItem(`${PLACE}.${user}`, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}
