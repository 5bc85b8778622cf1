/** Building parts of the studio's page. Text is only ever put in as text. */

/**
 * The element of an id, which the page is known to have.
 * @template {HTMLElement} E
 * @param {string} id
 * @param {new () => E} kind
 * @returns {E}
 */
export function find(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

/**
 * A new element with a class and what is inside.
 * @param {string} tag
 * @param {string} kind
 * @param {...(string | Node)} inside
 */
export function make(tag, kind, ...inside) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.append(...inside);
  return made;
}

/**
 * Milliseconds as people read them.
 * @param {number} ms
 */
export function spokenMs(ms) {
  return ms < 1 ? "under 1 ms" : ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/**
 * Bytes as people read them.
 * @param {number} bytes
 */
export function spokenBytes(bytes) {
  return bytes < 1 << 20 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / (1 << 20)).toFixed(1)} MB`;
}
