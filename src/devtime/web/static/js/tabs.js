/** Tabs: without this all panels are shown one below the other. The address's `#…` names the tab to open. */

import { all } from "./page.js";

/** Makes tabs of every `[data-tabs]`. */
export function startTabs() {
  for (const root of all("[data-tabs]", HTMLElement)) start(root);
}

/** @param {HTMLElement} root */
function start(root) {
  const list = root.querySelector("[role=tablist]");
  const tabs = all("[role=tab]", HTMLButtonElement, root);
  const first = tabs.find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash) ?? tabs[0];
  if (!(list instanceof HTMLElement) || !first) return;
  list.hidden = false;
  for (const panel of all("[data-tab-panel]", HTMLElement, root)) panel.setAttribute("role", "tabpanel");
  choose(tabs, first);
  list.addEventListener("click", (event) => {
    const tab = tabs.find((each) => event.target instanceof Node && each.contains(event.target));
    if (tab) open(tabs, tab);
  });
  list.addEventListener("keydown", (event) => {
    const next = neighbour(tabs, event.key);
    if (!next) return;
    event.preventDefault();
    open(tabs, next);
    next.focus();
  });
}

/**
 * @param {HTMLButtonElement[]} tabs
 * @param {string} key
 */
function neighbour(tabs, key) {
  const at = tabs.findIndex((tab) => tab === document.activeElement);
  if (key === "ArrowDown" || key === "ArrowRight") return tabs[(at + 1) % tabs.length];
  if (key === "ArrowUp" || key === "ArrowLeft") return tabs.at(at - 1);
  if (key === "Home") return tabs[0];
  return key === "End" ? tabs.at(-1) : undefined;
}

/**
 * Chooses a tab and says so in the address, which is then good to keep.
 * @param {HTMLButtonElement[]} tabs
 * @param {HTMLButtonElement} tab
 */
function open(tabs, tab) {
  choose(tabs, tab);
  history.replaceState(null, "", `#${tab.getAttribute("aria-controls")}`);
}

/**
 * @param {HTMLButtonElement[]} tabs
 * @param {HTMLButtonElement} chosen
 */
function choose(tabs, chosen) {
  for (const tab of tabs) {
    const id = tab.getAttribute("aria-controls") ?? "";
    tab.setAttribute("aria-selected", String(tab === chosen));
    tab.tabIndex = tab === chosen ? 0 : -1;
    const panel = document.getElementById(id);
    if (panel) panel.hidden = tab !== chosen;
  }
}
