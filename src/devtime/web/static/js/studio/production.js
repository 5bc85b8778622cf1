/** The log of a plugin while it really runs, for its author, who installed it: asked for again while it is shown. */

import { ask } from "./asking.js";
import { find, make } from "./elements.js";
import { drawLine } from "./output.js";

const EVERY_MS = 3000;

let timer = 0;
let shown = "";

/**
 * Follows the log of a plugin while its tab is open.
 * @param {() => string} read the plugin's name
 */
export function startProduction(read) {
  const panel = find("panel-log", HTMLElement);
  const follow = () => {
    clearTimeout(timer);
    if (panel.hidden || document.hidden) return;
    void show(read()).finally(() => (timer = setTimeout(follow, EVERY_MS)));
  };
  new MutationObserver(follow).observe(panel, { attributes: true, attributeFilter: ["hidden"] });
  document.addEventListener("visibilitychange", follow);
}

/** @param {string} name */
async function show(name) {
  const place = find("studio-log", HTMLElement);
  const path = `/api/plugins/${encodeURIComponent(name)}/logs`;
  /** @type {{ lines: { at: string, level: string, trigger?: string, text: string }[] }} */
  const { lines } = await ask(path).catch(() => ({ lines: [] }));
  const said = JSON.stringify([name, lines]);
  if (said === shown) return;
  shown = said;
  if (!lines.length) {
    const words = name ? `${name} has logged nothing: install it, and what it logs while it really runs shows here.` : "Give the plugin a name first.";
    place.replaceChildren(make("p", "empty studio-empty", words));
    return;
  }
  place.replaceChildren(...lines.map(drawDated));
}

/** @param {{ at: string, level: string, trigger?: string, text: string }} line */
function drawDated(line) {
  const drawn = drawLine(line);
  const time = make("time", "studio-at", new Date(line.at).toLocaleTimeString());
  time.setAttribute("datetime", line.at);
  drawn.prepend(time);
  return drawn;
}
