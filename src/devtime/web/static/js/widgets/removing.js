/** Takes panels away. The plugin is uninstalled some seconds later, or when the page is left: until then it comes back. */

import { announce } from "../page.js";

const UNDO_MS = 10_000;

/**
 * @param {HTMLElement} list
 * @param {(element: HTMLElement) => void} onRemoved
 */
export function startRemoving(list, onRemoved) {
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-widget-act=remove]") : null;
    const panel = button?.closest("[data-widget]");
    if (panel instanceof HTMLElement) remove(panel);
  });

  /** @param {HTMLElement} panel */
  function remove(panel) {
    panel.hidden = true;
    const title = panel.dataset.title ?? "";
    const bar = document.createElement("div");
    bar.className = "widget-undo";
    bar.setAttribute("role", "status");
    const words = document.createElement("span");
    words.textContent = `${title} was removed`;
    const undo = document.createElement("button");
    undo.type = "button";
    undo.className = "btn btn-small";
    undo.textContent = "Undo";
    bar.append(words, undo);
    document.querySelector(".widget-undo")?.dispatchEvent(new Event("settle"));
    document.body.append(bar);
    undo.focus();

    const settle = () => {
      clearTimeout(timer);
      removeEventListener("pagehide", settle);
      bar.remove();
      onRemoved(panel);
      panel.remove();
      const path = `/api/v1/store/uninstall/${panel.dataset.id}`;
      fetch(path, { method: "DELETE", keepalive: true })
        .then((answer) => answer.ok || announce(`${title} could not be removed`))
        .catch(() => announce(`${title} could not be removed`));
    };
    const timer = setTimeout(settle, UNDO_MS);
    addEventListener("pagehide", settle);
    bar.addEventListener("settle", settle);
    undo.addEventListener("click", () => {
      clearTimeout(timer);
      removeEventListener("pagehide", settle);
      bar.remove();
      panel.hidden = false;
      panel.querySelector("summary")?.focus();
      announce(`${title} is back`);
    });
  }
}
