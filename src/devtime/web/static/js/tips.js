/** The tip of a chart's mark, beside the pointer's or the keyboard's mark. Screen readers have it as the mark's name. */

import { MARK, closest } from "./page.js";

const GAP = 8;
const tip = document.createElement("div");

/** Shows tips on hover and focus. */
export function startTips() {
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, show);
  for (const kind of ["pointerout", "focusout"]) document.addEventListener(kind, hideTip);
  document.addEventListener("scroll", hideTip, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => event.key === "Escape" && hideTip());
}

/** Takes the tip away, as when its mark goes. */
export function hideTip() {
  tip.hidden = true;
}

/** @param {Event} event */
function show(event) {
  const mark = closest(event, MARK);
  if (!mark) return;
  tip.textContent = mark.getAttribute("aria-label");
  tip.hidden = false;
  const box = mark.getBoundingClientRect();
  const own = tip.getBoundingClientRect();
  const left = Math.min(Math.max(box.x + box.width / 2 - own.width / 2, GAP), document.documentElement.clientWidth - own.width - GAP);
  const above = box.top - own.height - GAP;
  tip.style.left = `${left + scrollX}px`;
  tip.style.top = `${(above > 0 ? above : box.bottom + GAP) + scrollY}px`;
}
