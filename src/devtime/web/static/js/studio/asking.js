/** Asking the server, as the signed-in user. */

/** An answer that says no; `field` names what it is about, if it does. */
export class Refused extends Error {
  /**
   * @param {string} message
   * @param {string} [field]
   * @param {number} [status]
   */
  constructor(message, field = "", status = 0) {
    super(message);
    this.field = field;
    this.status = status;
  }
}

/**
 * What a path answers; Refused with the server's own words otherwise.
 * @param {string} path
 * @param {unknown} [body] sent as JSON, by POST
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function ask(path, body, signal) {
  const options = body === undefined ? {} : { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", signal, ...options });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refused("The server cannot be reached. Your script is safe here; try again when it is back.");
  }
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  if (answer.status === 401) throw new Refused("You are signed out. Sign in in another tab, then try again.", "", 401);
  const words = typeof told.detail === "string" ? told.detail : typeof told.error === "string" ? told.error : "";
  const field = typeof told.field === "string" ? told.field : "";
  throw new Refused(words || `The server answered ${answer.status}.`, field, answer.status);
}
