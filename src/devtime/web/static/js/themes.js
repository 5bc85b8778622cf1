/** Making a theme: a picker beside each colour, which fills the field. Without this the fields take text. */

import { all } from "./page.js";

/** Starts the pickers. */
export function startThemes() {
  for (const picker of all("[data-token-picker]", HTMLInputElement)) {
    const field = document.getElementById(picker.dataset.tokenPicker ?? "");
    if (!(field instanceof HTMLInputElement)) continue;
    picker.hidden = false;
    picker.addEventListener("input", () => (field.value = picker.value));
    field.addEventListener("input", () => {
      if (/^#[0-9a-f]{6}$/i.test(field.value)) picker.value = field.value;
    });
  }
}
