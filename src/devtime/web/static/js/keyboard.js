/** Shortcuts: `g` and a letter goes to a page, arrows to the day before or after, `/` to search, `?` for help. */

import { all, isTyping } from "./page.js";

const CHORD_MS = 1500;
let startedAt = 0;

/** Listens to the keyboard and opens the help from the menu. */
export function startKeyboard() {
  document.addEventListener("keydown", press);
  for (const button of all("[data-open-help]", HTMLElement)) {
    button.hidden = false;
    button.addEventListener("click", openHelp);
  }
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const isSecond = performance.now() - startedAt < CHORD_MS;
  startedAt = 0;
  if (isSecond && follow(`[data-keys="g ${CSS.escape(event.key)}"]`)) event.preventDefault();
  else if (event.key === "g") startedAt = performance.now();
  else if (event.key === "ArrowLeft" && follow("[data-prev]")) event.preventDefault();
  else if (event.key === "ArrowRight" && follow("[data-next]")) event.preventDefault();
  else if (event.key === "/" && openSearch()) event.preventDefault();
  else if (event.key === "?") openHelp();
}

/** @param {string} selector */
function follow(selector) {
  const link = document.querySelector(selector);
  if (!(link instanceof HTMLAnchorElement)) return false;
  link.click();
  return true;
}

function openSearch() {
  const search = document.querySelector("[data-search]");
  if (search instanceof HTMLElement) {
    search.focus();
    return true;
  }
  const filters = document.querySelector("details[data-filters]");
  if (!(filters instanceof HTMLDetailsElement)) return false;
  filters.open = true;
  filters.querySelector("select")?.focus();
  return true;
}

function openHelp() {
  const help = document.getElementById("help");
  if (help instanceof HTMLDialogElement && !help.open) help.showModal();
}
