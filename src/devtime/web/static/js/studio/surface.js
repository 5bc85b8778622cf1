/** The place the script is written in: the code editor, or a plain text field where it was not built. */

import { make } from "./elements.js";

/** @typedef {import("../../../editor/editor.js").Editor} Editor */
/** @typedef {import("../../../editor/editor.js").Problem} Problem */

const WORDS = [
  ["ctx.user_id", "string", "The user the plugin runs for"],
  ["ctx.db.query(sql, params)", "Promise<Row[]>", "One statement on the documented tables, on the user's own rows"],
  ["ctx.redis.get(key)", "Promise<string | null>", "A text of this plugin and user"],
  ["ctx.redis.set(key, value)", "Promise<void>", "Keeps a text"],
  ["ctx.redis.del(key)", "Promise<void>", "Forgets a text"],
  ["ctx.redis.incr(key)", "Promise<number>", "Adds 1, and answers the sum"],
  ["ctx.config.base_url", "string", "This server's address"],
  ["on_heartbeat", "(ctx, heartbeat)", "After each recorded heartbeat"],
  ["on_tick", "(ctx)", "About once a minute"],
  ["on_install", "(ctx)", "Once, when installed"],
  ["endpoints", "{ name: (ctx, req) => … }", "What widgets and scripts may ask"],
  ["container", "HTMLDivElement", "Where a widget draws"],
  ["token", "string", "Reads the user's figures"],
  ["log(…)", "", "Writes to the output"],
  ["warn(…)", "", "Writes a warning"],
  ["error(…)", "", "Writes an error"],
].map(([label = "", detail = "", info = ""]) => ({ label, detail, info }));

/**
 * Makes it.
 * @param {HTMLElement} parent
 * @param {{ hasEditor: boolean, version: string, text: string, onChange: (text: string) => void, onRun: () => void }} options
 * @returns {Promise<Editor>}
 */
export async function openSurface(parent, options) {
  const { text, onChange, onRun } = options;
  if (options.hasEditor) {
    try {
      const address = `/static/built/editor.js?v=${options.version}`;
      /** @type {typeof import("../../../editor/editor.js")} */
      const built = await import(address);
      return built.createEditor(parent, { text, label: "Script", words: WORDS, onChange, onRun });
    } catch (error) {
      parent.replaceChildren();
      parent.before(make("p", "flash studio-plain", `The code editor did not load (${error}), so this is a plain text field.`));
    }
  }
  return openField(parent, text, onChange, onRun);
}

/**
 * A text field that can do the same, but for colours.
 * @param {HTMLElement} parent
 * @param {string} text
 * @param {(text: string) => void} onChange
 * @param {() => void} onRun
 * @returns {Editor}
 */
function openField(parent, text, onChange, onRun) {
  const field = document.createElement("textarea");
  field.className = "studio-field";
  field.spellcheck = false;
  field.value = text;
  field.setAttribute("aria-label", "Script");
  field.addEventListener("input", () => onChange(field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onRun();
  });
  parent.append(field);
  return {
    text: () => field.value,
    replace: (fresh) => {
      field.value = fresh;
      onChange(fresh);
    },
    mark: () => {},
    go: (line, column) => {
      const before = field.value.split("\n").slice(0, line - 1);
      const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
      field.focus();
      field.setSelectionRange(at, at);
    },
    focus: () => field.focus(),
  };
}
