/** Buttons that copy the text beside them. */

import { all, announce, closest } from "./page.js";

const SHOWN_MS = 1600;

/** Listens for clicks on copy buttons, and shows them: they do nothing without scripts. */
export function startCopying() {
  showCopyButtons(document);
  document.addEventListener("click", (event) => {
    const button = closest(event, "[data-copy]");
    if (button instanceof HTMLButtonElement) void copy(button);
  });
}

/**
 * Shows the copy buttons of a part.
 * @param {ParentNode} root
 */
export function showCopyButtons(root) {
  for (const button of all("[data-copy]", HTMLButtonElement, root)) button.hidden = false;
}

/** @param {HTMLButtonElement} button */
async function copy(button) {
  const code = button.parentElement?.querySelector("code");
  if (!code) return;
  const isDone = await write(code);
  button.textContent = isDone ? "Copied" : "Press Ctrl+C";
  announce(isDone ? "Copied" : "The text is selected; copy it with the keyboard");
  setTimeout(() => (button.textContent = "Copy"), SHOWN_MS);
}

/**
 * Copies the element's text. The clipboard is there on secure pages only; elsewhere the text is selected.
 * @param {Element} element
 */
async function write(element) {
  try {
    await navigator.clipboard.writeText(element.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(element);
    return document.execCommand("copy");
  }
}
