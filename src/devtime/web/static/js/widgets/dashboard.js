/** The widgets of the dashboard: filled in as they come into view, one after the other, moved, removed, watched. */

import { all } from "../page.js";
import { startMoving } from "./moving.js";
import { Panel } from "./panel.js";
import { startRemoving } from "./removing.js";
import { Watch } from "./watch.js";

const NEAR = "300px";

const list = document.querySelector("[data-widget-list]");
if (list instanceof HTMLElement) start(list);

/** @param {HTMLElement} list */
function start(list) {
  const panels = new Map(all("[data-widget]", HTMLElement, list).map((each) => [each, new Panel(each)]));
  const watch = new Watch([...panels.values()]);
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const panel = panels.get(/** @type {HTMLElement} */ (target));
        if (!isIntersecting || !panel) continue;
        seen.unobserve(target);
        watch.enqueue(panel);
      }
    },
    { rootMargin: NEAR },
  );
  for (const [element, panel] of panels) {
    panel.onAgain = () => watch.enqueue(panel);
    seen.observe(element);
  }
  startMoving(list, (element) => {
    const panel = panels.get(element);
    if (panel?.isOpen) watch.enqueue(panel);
  });
  startRemoving(list, (element) => panels.get(element)?.close());
  list.addEventListener("click", (event) => {
    const act = event.target instanceof Element ? event.target.closest("[data-widget-act=reload]") : null;
    const element = act?.closest("[data-widget]");
    const panel = element instanceof HTMLElement ? panels.get(element) : undefined;
    if (panel) watch.enqueue(panel);
  });
  const tell = () => panels.forEach((panel) => panel.tellTheme());
  new MutationObserver(tell).observe(document.documentElement, { attributeFilter: ["data-theme", "style", "class"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", tell);
}
