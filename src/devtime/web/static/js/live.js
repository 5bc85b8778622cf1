/**
 * Keeps parts of the page current. An element with `data-live="URL"` and an id is replaced by the one with its id in
 * what the URL answers: after each `activity` event of the server, or every `data-live-every` milliseconds.
 */

import { showCopyButtons } from "./copying.js";
import { showEnds } from "./marks.js";
import { all } from "./page.js";
import { hideTip } from "./tips.js";

const SETTLE_MS = 150;

let isStale = false;
let isFetching = false;
let timer = 0;

/** Listens to the server when the page says where, and refetches what asks for it by itself. */
export function startLive() {
  const source = document.body.dataset.liveSource;
  if (source && parts().length) listen(source);
  document.addEventListener("visibilitychange", () => isStale && !document.hidden && refresh());
  schedule();
}

/** @param {string} source */
function listen(source) {
  let isFirst = true;
  const events = new EventSource(source);
  events.addEventListener("activity", soon);
  events.addEventListener("open", () => {
    if (!isFirst) soon();
    isFirst = false;
  });
  addEventListener("pagehide", () => events.close());
}

function parts() {
  return all("[data-live][id]", HTMLElement);
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, SETTLE_MS);
}

/** Asks again in a while when some part wants that. */
function schedule() {
  const waits = parts().map((part) => Number(part.dataset.liveEvery)).filter((wait) => wait > 0);
  if (waits.length) {
    clearTimeout(timer);
    timer = setTimeout(refresh, Math.min(...waits));
  }
}

/** Fetches every address once and swaps the parts that changed; a hidden page waits until it is seen. */
async function refresh() {
  isStale = document.hidden || isFetching;
  if (isStale) return;
  isFetching = true;
  try {
    const addresses = new Set(parts().map((part) => part.dataset.live ?? ""));
    await Promise.all([...addresses].map(fetchParts));
  } catch {
    // The server is away or restarting: the event stream reconnects by itself and asks again.
  } finally {
    isFetching = false;
    schedule();
  }
  if (isStale) soon();
}

/** @param {string} address */
async function fetchParts(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts().filter((each) => each.dataset.live === address)) {
    const fresh = page.getElementById(part.id);
    if (fresh) swap(part, fresh);
  }
}

/**
 * Puts the fresh part in place of the old one, unless nothing changed; what was open, scrolled or focused stays so.
 * @param {HTMLElement} old
 * @param {HTMLElement} fresh
 */
function swap(old, fresh) {
  if (old.innerHTML === fresh.innerHTML && old.className === fresh.className) return;
  const isOpen = all("details", HTMLDetailsElement, old).map((each) => each.open);
  all("details", HTMLDetailsElement, fresh).forEach((each, index) => (each.open = isOpen[index] ?? each.open));
  const scrolled = all(".table-wrapper", HTMLElement, old).map((each) => [each.scrollLeft, each.scrollTop]);
  const focused = describeFocus(old);
  hideTip();
  old.replaceWith(document.adoptNode(fresh));
  all(".table-wrapper", HTMLElement, fresh).forEach((each, index) => {
    const [left = 0, top = 0] = scrolled[index] ?? [];
    each.scrollTo(left, top);
  });
  showEnds(fresh);
  showCopyButtons(fresh);
  if (focused) restoreFocus(fresh, focused);
}

/**
 * Where the focus is inside a part: a selector and the place among what matches it.
 * @param {HTMLElement} part
 * @returns {[string, number] | null}
 */
function describeFocus(part) {
  const focused = document.activeElement;
  if (!focused || focused === document.body || !part.contains(focused)) return null;
  const selector = focused.tagName.toLowerCase();
  return [selector, [...part.querySelectorAll(selector)].indexOf(focused)];
}

/**
 * @param {HTMLElement} part
 * @param {[string, number]} place
 */
function restoreFocus(part, [selector, index]) {
  const found = part.querySelectorAll(selector)[index];
  if (found instanceof HTMLElement || found instanceof SVGElement) found.focus({ preventScroll: true });
}
