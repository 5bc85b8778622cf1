/** The form that publishes what is in the editor. */

import { announce } from "../page.js";
import { ask, Refused } from "./asking.js";
import { find, make } from "./elements.js";

const FIELDS = ["name", "display_name", "version", "icon", "description", "widget_type", "repository", "changelog"];

/**
 * Opens the form when its button is pressed.
 * @param {() => { manifest: Record<string, any>, script: string }} read
 * @param {(manifest: Record<string, any>, told: any) => void} done
 */
export function startPublishing(read, done) {
  const dialog = find("studio-publishing", HTMLDialogElement);
  const form = find("studio-publish-form", HTMLFormElement);
  find("studio-publish", HTMLButtonElement).addEventListener("click", () => {
    const { manifest } = read();
    for (const name of FIELDS) fieldOf(form, name).value = manifest[name] ?? (name === "widget_type" ? "counter" : "");
    showError(form, "", "");
    dialog.showModal();
    fieldOf(form, "name").focus();
  });
  find("studio-publish-cancel", HTMLButtonElement).addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void publish(form, dialog, read(), done);
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLDialogElement} dialog
 * @param {{ manifest: Record<string, any>, script: string }} plugin
 * @param {(manifest: Record<string, any>, told: any) => void} done
 */
async function publish(form, dialog, plugin, done) {
  const written = Object.fromEntries(FIELDS.map((name) => [name, fieldOf(form, name).value.trim()]));
  const manifest = { ...plugin.manifest, ...written };
  // The server tells the type by the script.
  const { main: _, plugin_type: __, ...body } = Object.fromEntries(Object.entries(manifest).filter(([, value]) => value !== "" && value !== null));
  const button = find("studio-publish-go", HTMLButtonElement);
  button.disabled = true;
  try {
    const told = await ask("/api/plugins/publish", { ...body, script: plugin.script });
    dialog.close();
    announce("Published");
    done({ ...manifest, changelog: "" }, told);
  } catch (error) {
    if (error instanceof Refused) showError(form, error.field, error.message);
    else throw error;
  } finally {
    button.disabled = false;
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} field
 * @param {string} words
 */
function showError(form, field, words) {
  find("studio-publish-error", HTMLElement).textContent = words;
  for (const name of FIELDS) fieldOf(form, name).removeAttribute("aria-invalid");
  if (!FIELDS.includes(field)) return;
  fieldOf(form, field).setAttribute("aria-invalid", "true");
  fieldOf(form, field).focus();
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {HTMLInputElement | HTMLSelectElement}
 */
function fieldOf(form, name) {
  const found = form.elements.namedItem(name);
  if (found instanceof HTMLInputElement || found instanceof HTMLSelectElement) return found;
  throw new Error(`the form has no ${name}`);
}

/**
 * What publishing did, for the output.
 * @param {{ name: string, display_name: string, version: string, is_new: boolean, href: string }} told
 */
export function drawPublished(told) {
  const link = document.createElement("a");
  link.href = told.href;
  link.textContent = `${told.display_name} ${told.version}`;
  return make("p", "message message-good", told.is_new ? "✓ Published: " : "✓ Updated: ", link);
}
