/** The studio: starts from the last draft or the first template, and wires editor, inputs, runs and files together. */

import { all, announce, closest } from "../page.js";
import { ask, Refused } from "./asking.js";
import { checkSoon } from "./checking.js";
import { keepDraft, makeDraft, restoreDraft } from "./draft.js";
import { find } from "./elements.js";
import { readFile, saveFile } from "./files.js";
import { chosenMode, fillInputs, readBody, readHeartbeat, refuseInput, showInputs, suggestHandlers, takeInputs } from "./inputs.js";
import { clearOutput, showRefusal, showRun, showRunning } from "./output.js";
import { closePreview, showPreview } from "./preview.js";
import { startProduction } from "./production.js";
import { drawPublished, startPublishing } from "./publishing.js";
import { openSurface } from "./surface.js";

/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {{ templates: { id: string, title: string, manifest: any, script: string, trigger: string }[], user: string }} Start */

const KEEP_MS = 400;

/** @type {Start} */
const start = await ask("/studio.json");
const studio = find("studio", HTMLElement);
/** @type {Draft} */
let draft = restoreDraft(start.user) ?? fromTemplate(start.templates[0]?.id ?? "");
const wasKept = Boolean(draft.savedAt);
let timer = 0;
let isRunning = false;

const editor = await openSurface(find("studio-editor", HTMLElement), {
  hasEditor: studio.dataset.hasEditor === "true",
  version: studio.dataset.version ?? "",
  text: draft.script,
  onChange: (text) => {
    draft.script = text;
    changed();
    checkSoon(described, editor);
  },
  onRun: () => void run(),
});

fillInputs(draft);
showDraft(wasKept ? `Restored what you wrote ${new Date(draft.savedAt).toLocaleString()}` : "");
suggestHandlers(draft.script);
checkSoon(described, editor);
startProduction(() => String(draft.manifest.name ?? ""));
startPublishing(
  () => ({ manifest: draft.manifest, script: editor.text() }),
  (manifest, told) => {
    draft.manifest = manifest;
    changed();
    find("studio-output", HTMLElement).replaceChildren(drawPublished(told));
    show("output");
  },
);
listen();

/** Everything that can be pressed. */
function listen() {
  document.addEventListener("click", (event) => {
    const template = closest(event, "[data-template]");
    if (template instanceof HTMLElement) open(fromTemplate(template.dataset.template ?? ""));
    const mine = closest(event, "[data-open]");
    if (mine instanceof HTMLElement) void openPublished(mine.dataset.open ?? "");
  });
  find("studio-clear", HTMLButtonElement).addEventListener("click", () => {
    editor.replace("");
    closePreview();
    clearOutput();
    editor.focus();
  });
  const file = find("studio-file", HTMLInputElement);
  find("studio-import", HTMLButtonElement).addEventListener("click", () => file.click());
  file.addEventListener("change", () => void openFile(file));
  find("studio-export", HTMLButtonElement).addEventListener("click", () => saveFile(draft.manifest, editor.text()));
  const form = find("studio-form", HTMLFormElement);
  form.addEventListener("input", () => {
    showInputs();
    if (chosenMode() === "rpc") suggestHandlers(editor.text());
    changed();
    checkSoon(described, editor);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void run();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void run();
  });
  for (const tab of all(".studio-result [role=tab]", HTMLButtonElement)) {
    tab.addEventListener("click", () => show(tab.id.replace("tab-", "")));
    tab.addEventListener("keydown", (event) => moveTab(tab, event));
  }
}

/**
 * A draft of a template; of none when the name is none's.
 * @param {string} id
 */
function fromTemplate(id) {
  const template = start.templates.find((each) => each.id === id);
  return makeDraft({ ...template?.manifest }, template?.script ?? "", template?.trigger ?? "widget");
}

/** @param {Draft} fresh */
function open(fresh) {
  draft = fresh;
  for (const menu of all("details[data-menu]", HTMLDetailsElement)) menu.open = false;
  fillInputs(draft);
  editor.replace(draft.script);
  if (draft.mode === "rpc") suggestHandlers(draft.script);
  takeInputs(draft);
  closePreview();
  clearOutput();
  changed();
  editor.focus();
}

/** @param {string} id */
async function openPublished(id) {
  try {
    const { manifest, script } = await ask(`/api/plugins/mine/${encodeURIComponent(id)}`);
    open(makeDraft(manifest, script, manifest.plugin_type === "lifecycle" ? "on_heartbeat" : "widget"));
  } catch (error) {
    showRefusal(error instanceof Refused ? error.message : String(error));
  }
}

/** @param {HTMLInputElement} input */
async function openFile(input) {
  const file = input.files?.[0];
  input.value = "";
  if (!file) return;
  try {
    const { manifest, script } = await readFile(file);
    open(makeDraft(manifest, script, manifest.plugin_type === "lifecycle" ? "on_heartbeat" : "widget"));
    announce(`Opened ${file.name}`);
  } catch (error) {
    showRefusal(error instanceof Error ? error.message : String(error));
  }
}

/** What the check needs to know. */
function described() {
  const grants = draft.manifest.grants ?? {};
  const plugin_type = chosenMode() === "widget" ? "widget" : "lifecycle";
  return { script: editor.text(), plugin_type, hosts: Array.isArray(grants.hosts) ? grants.hosts : [] };
}

/** Keeps the draft in a moment. */
function changed() {
  takeInputs(draft);
  draft.manifest.plugin_type = draft.mode === "widget" ? "widget" : "lifecycle";
  clearTimeout(timer);
  timer = setTimeout(() => showDraft(keepDraft(start.user, draft) ? "Kept in this browser" : "This browser keeps nothing: export what you want to keep"), KEEP_MS);
}

/** @param {string} told */
function showDraft(told) {
  find("studio-saved", HTMLElement).textContent = told;
  find("studio-name", HTMLElement).textContent = draft.manifest.name ?? "";
}

async function run() {
  if (isRunning) return;
  takeInputs(draft);
  show("output");
  if (draft.mode === "widget") return showPreview(editor.text(), draft.manifest);
  closePreview();
  const heartbeat = draft.mode === "on_heartbeat" ? readHeartbeat() : {};
  const body = draft.mode === "rpc" ? readBody() : {};
  if (!heartbeat) return refuseInput("studio-heartbeat-text");
  if (!body) return refuseInput("studio-rpc-body");
  if (draft.mode === "rpc" && !draft.handler) return refuseInput("studio-rpc-handler");
  const trigger = draft.mode === "rpc" ? `rpc:${draft.handler}` : draft.mode;
  isRunning = true;
  showRunning();
  try {
    const order = { code: editor.text(), trigger, heartbeat, rpc_body: body, is_dry: draft.isDry, name: draft.manifest.name || null };
    showRun(await ask("/api/plugins/run", order), trigger, editor.go);
  } catch (error) {
    showRefusal(error instanceof Refused ? error.message : String(error));
  } finally {
    isRunning = false;
  }
}

/** @param {string} id */
function show(id) {
  for (const tab of all(".studio-result [role=tab]", HTMLButtonElement)) {
    const isShown = tab.id === `tab-${id}`;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
    find(tab.id.replace("tab-", "panel-"), HTMLElement).hidden = !isShown;
  }
}

/**
 * @param {HTMLButtonElement} tab
 * @param {KeyboardEvent} event
 */
function moveTab(tab, event) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const tabs = all(".studio-result [role=tab]", HTMLButtonElement);
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  next?.focus();
  next?.click();
}
