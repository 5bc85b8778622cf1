/** The marks of a chart are one tab stop: arrow keys go to the nearest mark in their direction, Home and End to the ends. */

import { MARK, all, closest } from "./page.js";

/** @type {Record<string, [number, number]>} */
const DIRECTIONS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Listens for arrow keys, and shows the part that matters of what is wider than its place. */
export function startMarks() {
  document.addEventListener("keydown", press);
  showEnds(document);
}

/**
 * Scrolls calendars to their newest end, and rows of choices to the one in force.
 * @param {ParentNode} root
 */
export function showEnds(root) {
  for (const region of all(".heatmap-scroll", HTMLElement, root)) region.scrollLeft = region.scrollWidth;
  for (const chosen of all(".segments [aria-current]", HTMLElement, root)) {
    const row = chosen.parentElement;
    if (row) row.scrollLeft = chosen.offsetLeft - row.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
  }
}

/** @param {KeyboardEvent} event */
function press(event) {
  const mark = closest(event, MARK);
  const chart = mark?.closest("[data-marks]");
  if (!mark || !chart) return;
  const marks = [...chart.querySelectorAll(MARK)].map((each) => /** @type {SVGElement} */ (each));
  const next = event.key === "Home" ? marks[0] : event.key === "End" ? marks.at(-1) : nearest(mark, marks, DIRECTIONS[event.key]);
  if (next === null) return;
  event.preventDefault();
  if (!next) return;
  mark.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}

/**
 * The nearest mark that way; undefined when there is none, null when the key is no direction.
 * @param {Element} from
 * @param {SVGElement[]} marks
 * @param {[number, number] | undefined} direction
 */
function nearest(from, marks, direction) {
  if (!direction) return null;
  const [x, y] = centre(from);
  let best;
  let least = Infinity;
  for (const mark of marks) {
    const [markX, markY] = centre(mark);
    const along = (markX - x) * direction[0] + (markY - y) * direction[1];
    const across = Math.abs((markX - x) * direction[1]) + Math.abs((markY - y) * direction[0]);
    // A step to the side costs more than a step ahead: rows and columns are followed while they last.
    const cost = along + 3 * across;
    if (along > 1 && cost < least) {
      best = mark;
      least = cost;
    }
  }
  return best;
}

/**
 * @param {Element} element
 * @returns {[number, number]}
 */
function centre(element) {
  const box = element.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}
