/** Has the server check the script while it is written, and shows what it found. */

import { ask } from "./asking.js";
import { find, make } from "./elements.js";

const SETTLE_MS = 500;
const SHOWN = 3;

let timer = 0;
/** @type {AbortController | undefined} */
let asking;

/**
 * Checks soon, when nothing changed for a moment.
 * @param {() => { script: string, plugin_type: string | null, hosts: string[] }} read
 * @param {import("./surface.js").Editor} editor
 */
export function checkSoon(read, editor) {
  clearTimeout(timer);
  timer = setTimeout(() => void check(read(), editor), SETTLE_MS);
}

/**
 * @param {{ script: string, plugin_type: string | null, hosts: string[] }} body
 * @param {import("./surface.js").Editor} editor
 */
async function check(body, editor) {
  asking?.abort();
  asking = new AbortController();
  try {
    /** @type {{ problems: import("./surface.js").Problem[] }} */
    const { problems } = await ask("/api/plugins/check", body, asking.signal);
    editor.mark(problems);
    show(problems, editor);
  } catch {
    // It was overtaken, or the server is away or busy: the next change asks again.
  }
}

/**
 * The first of them as a list below the editor, to be reached with the keyboard.
 * @param {import("./surface.js").Problem[]} problems
 * @param {import("./surface.js").Editor} editor
 */
function show(problems, editor) {
  const drawn = problems.slice(0, SHOWN).map((problem) => {
    const button = make("button", `studio-problem studio-problem-${problem.severity}`);
    button.setAttribute("type", "button");
    button.append(make("span", "studio-level", problem.severity), ` line ${Math.max(1, problem.line)}: ${problem.message}`);
    button.addEventListener("click", () => editor.go(Math.max(1, problem.line), Math.max(1, problem.column)));
    return button;
  });
  const more = problems.length - SHOWN;
  if (more > 0) drawn.push(make("span", "muted", `and ${more} more`));
  find("studio-problems", HTMLElement).replaceChildren(...drawn);
}
