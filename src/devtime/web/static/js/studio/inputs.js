/** What a run is called with: the mode, the heartbeat, the endpoint and its body, and whether writes are kept. */

import { all, announce } from "../page.js";
import { find } from "./elements.js";
import { MODES } from "./draft.js";

/** @typedef {import("./draft.js").Draft} Draft */

/** The mode that is chosen. */
export function chosenMode() {
  const chosen = new FormData(find("studio-form", HTMLFormElement)).get("mode");
  return MODES.find((mode) => mode === chosen) ?? "widget";
}

/**
 * Fills the inputs from a draft.
 * @param {Draft} draft
 */
export function fillInputs(draft) {
  for (const radio of all("[name=mode]", HTMLInputElement)) radio.checked = radio.value === draft.mode;
  for (const box of all("[name=is_dry]", HTMLInputElement)) box.checked = draft.isDry;
  find("studio-heartbeat-text", HTMLTextAreaElement).value = draft.heartbeat;
  find("studio-rpc-handler", HTMLInputElement).value = draft.handler;
  find("studio-rpc-body", HTMLTextAreaElement).value = draft.body;
  showInputs();
}

/**
 * Takes what the inputs say into a draft.
 * @param {Draft} draft
 */
export function takeInputs(draft) {
  draft.mode = chosenMode();
  draft.isDry = new FormData(find("studio-form", HTMLFormElement)).has("is_dry");
  draft.heartbeat = find("studio-heartbeat-text", HTMLTextAreaElement).value;
  draft.handler = find("studio-rpc-handler", HTMLInputElement).value.trim();
  draft.body = find("studio-rpc-body", HTMLTextAreaElement).value;
}

/** Shows the inputs of the mode, and what is wrong with them. */
export function showInputs() {
  const mode = chosenMode();
  find("studio-heartbeat", HTMLElement).hidden = mode !== "on_heartbeat";
  find("studio-rpc", HTMLElement).hidden = mode !== "rpc";
  find("studio-dry-label", HTMLElement).hidden = mode === "widget";
  readHeartbeat();
  readBody();
}

/** The heartbeat; undefined, and said beside it, when it is none. */
export function readHeartbeat() {
  return readObject(find("studio-heartbeat-text", HTMLTextAreaElement), find("studio-heartbeat-note", HTMLElement), "heartbeat");
}

/** The endpoint's body; undefined, and said beside it, when it is none. Empty is `{}`. */
export function readBody() {
  return readObject(find("studio-rpc-body", HTMLTextAreaElement), find("studio-rpc-note", HTMLElement), "body");
}

/**
 * Suggests the endpoints a script has, as far as can be read.
 * @param {string} script
 */
export function suggestHandlers(script) {
  const inside = script.slice(Math.max(0, script.search(/\bendpoints\b/)));
  const names = [...inside.matchAll(/^\s{2,4}(?:async\s+)?['"]?([A-Za-z0-9_-]+)['"]?\s*(?:\(|:\s*(?:async|\(|function))/gm)].map((each) => each[1] ?? "");
  const options = [...new Set(names)].map((name) => new Option(name, name));
  find("studio-handlers", HTMLDataListElement).replaceChildren(...options);
  const handler = find("studio-rpc-handler", HTMLInputElement);
  if (!handler.value && names[0]) handler.value = names[0];
}

/** Points at the input that is wrong. */
export function refuseInput(/** @type {string} */ id) {
  const input = find(id, HTMLElement);
  const around = input.closest("details");
  if (around) around.open = true;
  input.focus();
  announce("Not run: the JSON is not valid");
}

/**
 * @param {HTMLTextAreaElement} field
 * @param {HTMLElement} note
 * @param {string} what
 * @returns {Record<string, unknown> | undefined}
 */
function readObject(field, note, what) {
  let words = "";
  let value;
  try {
    value = JSON.parse(field.value.trim() || "{}");
    if (typeof value !== "object" || value === null || Array.isArray(value)) words = `A ${what} is an object: { … }`;
  } catch (error) {
    words = error instanceof Error ? error.message : String(error);
  }
  note.textContent = words;
  if (words) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
  return words ? undefined : value;
}
