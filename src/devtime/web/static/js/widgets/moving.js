/** Puts panels in another order, by dragging their handle or with the arrow keys on it, and keeps the order. */

import { all, announce } from "../page.js";

const SAVE_AFTER_MS = 400;
const STEPS = new Map([["ArrowUp", -1], ["ArrowLeft", -1], ["ArrowDown", 1], ["ArrowRight", 1]]);

/**
 * @param {HTMLElement} list
 * @param {(element: HTMLElement) => void} onReloaded called for a panel whose frame the browser loads anew when moved
 */
export function startMoving(list, onReloaded) {
  let timer = 0;

  const panels = () => all("[data-widget]", HTMLElement, list).filter((each) => !each.hidden);

  /**
   * @param {HTMLElement} panel
   * @param {Element | null} before
   */
  function place(panel, before) {
    if (panel === before || panel.nextElementSibling === before) return;
    const { moveBefore } = /** @type {{moveBefore?: (node: Node, child: Node | null) => void}} */ (list);
    if (moveBefore) {
      moveBefore.call(list, panel, before);
    } else {
      list.insertBefore(panel, before);
      onReloaded(panel);
    }
  }

  /**
   * @param {HTMLElement} panel
   * @param {number} step
   */
  function shift(panel, step) {
    const all = panels();
    const at = all.indexOf(panel);
    const to = Math.min(Math.max(at + step, 0), all.length - 1);
    if (to === at) return;
    place(panel, step > 0 ? (all[to]?.nextElementSibling ?? null) : (all[to] ?? null));
    announce(`${panel.dataset.title}: place ${to + 1} of ${all.length}`);
    save();
  }

  function save() {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const answer = await fetch("/api/v1/dashboard/order", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ panel_names: panels().map((each) => each.dataset.widget) }),
      }).catch(() => null);
      if (!answer?.ok) announce("The order could not be saved");
    }, SAVE_AFTER_MS);
  }

  list.addEventListener("keydown", (event) => {
    const handle = event.target instanceof Element ? event.target.closest("[data-widget-handle]") : null;
    const step = STEPS.get(event.key);
    const panel = handle?.closest("[data-widget]");
    if (!step || !(panel instanceof HTMLElement) || !(handle instanceof HTMLElement)) return;
    event.preventDefault();
    shift(panel, step);
    handle.focus();
  });

  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-widget-act]") : null;
    const panel = button?.closest("[data-widget]");
    if (!(button instanceof HTMLElement) || !(panel instanceof HTMLElement)) return;
    const act = button.dataset.widgetAct;
    const menu = button.closest("details");
    if (menu) menu.open = false;
    if (act === "earlier" || act === "later") {
      shift(panel, act === "earlier" ? -1 : 1);
      menu?.querySelector("summary")?.focus();
    }
  });

  list.addEventListener("pointerdown", (event) => {
    const handle = event.target instanceof Element ? event.target.closest("[data-widget-handle]") : null;
    const panel = handle?.closest("[data-widget]");
    if (event.button !== 0 || !(handle instanceof HTMLElement) || !(panel instanceof HTMLElement)) return;
    drag(handle, panel, event.pointerId);
  });

  /**
   * @param {HTMLElement} handle
   * @param {HTMLElement} panel
   * @param {number} pointer
   */
  function drag(handle, panel, pointer) {
    const ended = new AbortController();
    const before = panels();
    handle.setPointerCapture(pointer);
    panel.classList.add("is-dragged");
    list.classList.add("is-dragging");
    handle.addEventListener(
      "pointermove",
      ({ clientX, clientY }) => {
        const under = document.elementFromPoint(clientX, clientY)?.closest("[data-widget]");
        if (!under || under === panel || !list.contains(under)) return;
        const all = panels();
        const isLater = all.indexOf(/** @type {HTMLElement} */ (under)) > all.indexOf(panel);
        place(panel, isLater ? under.nextElementSibling : under);
      },
      { signal: ended.signal },
    );
    const end = () => {
      ended.abort();
      panel.classList.remove("is-dragged");
      list.classList.remove("is-dragging");
      if (panels().some((each, index) => each !== before[index])) save();
    };
    handle.addEventListener("lostpointercapture", end, { signal: ended.signal });
    handle.addEventListener("pointerup", end, { signal: ended.signal });
  }
}
