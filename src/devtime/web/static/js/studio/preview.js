/** A widget as it will look: in the frame that widgets really get, with a token of its own. */

import { Stage } from "../widgets/stage.js";
import { find, make } from "./elements.js";

const HANGS_MS = 4000;

/** @type {Stage | undefined} */
let stage;

/**
 * Shows it, from the beginning.
 * @param {string} script
 * @param {Record<string, any>} manifest
 */
export async function showPreview(script, manifest) {
  closePreview();
  const place = make("div", "studio-preview");
  const notes = make("div", "");
  const status = find("studio-status", HTMLElement);
  const say = (/** @type {string} */ kind, /** @type {string} */ word) => status.replaceChildren(make("span", `badge ${kind}`, word), make("code", "", "widget"));
  const fail = (/** @type {string} */ words) => {
    say("badge-bad", "✗ Error");
    notes.replaceChildren(make("p", "message message-bad", `⚠ Plugin error: ${words}`));
  };
  find("studio-output", HTMLElement).replaceChildren(notes, place);
  const what = { title: `Preview of ${manifest.display_name || "the widget"}`, framePath: "/widget-frame", tokenPath: "/widget-token", script };
  const mine = new Stage(place, what, {
    onStarted: () => say("badge-good", "✓ Live"),
    onFailed: fail,
    onLeft: () => fail("it tried to open another page in its place, and was stopped"),
  });
  stage = mine;
  say("", "Starting…");
  const timer = setTimeout(() => {
    mine.close();
    fail(`it did not let go within ${HANGS_MS / 1000} seconds, and was stopped`);
  }, HANGS_MS);
  try {
    await mine.open();
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** Takes the frame away, whatever it is doing. */
export function closePreview() {
  stage?.close();
  stage = undefined;
}

new MutationObserver(() => stage?.tellTheme()).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
