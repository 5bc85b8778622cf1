/** What the other modules ask of the page: its parts, and a voice for screen readers. */

/** The marks of charts: what is named and can have the focus inside a drawing. */
export const MARK = "svg [tabindex][aria-label]";

/**
 * The closest element of an event's target that matches, as an HTMLElement or SVGElement.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | SVGElement | null}
 */
export function closest(event, selector) {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement || found instanceof SVGElement ? found : null;
}

/**
 * All elements that match, of one class.
 * @template {Element} E
 * @param {string} selector
 * @param {new () => E} kind
 * @param {ParentNode} [root]
 * @returns {E[]}
 */
export function all(selector, kind, root = document) {
  return [...root.querySelectorAll(selector)].filter((each) => each instanceof kind).map((each) => /** @type {E} */ (each));
}

/**
 * Has screen readers say something, without moving anybody.
 * @param {string} text
 */
export function announce(text) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = text;
}

/**
 * Whether an element takes typed text or arrow keys, so that shortcuts must leave it alone.
 * @param {EventTarget | null} target
 */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
