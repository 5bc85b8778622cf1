/** Small comforts of forms: tidy addresses, dates that jump, the browser's time zone one click away. */

import { all } from "./page.js";

/** Starts them all. */
export function startForms() {
  document.addEventListener("submit", tidy);
  for (const form of all("[data-date-jump]", HTMLFormElement)) form.addEventListener("change", () => jump(form));
  for (const input of all("[data-timezone]", HTMLInputElement)) offerZone(input);
}

/**
 * Leaves empty fields out of the address of a GET form.
 * @param {SubmitEvent} event
 */
function tidy(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "get" || event.defaultPrevented) return;
  const empty = [...all("input", HTMLInputElement, form), ...all("select", HTMLSelectElement, form)].filter((each) => !each.value);
  for (const each of empty) each.disabled = true;
  setTimeout(() => empty.forEach((each) => (each.disabled = false)));
}

/** @param {HTMLFormElement} form */
function jump(form) {
  const day = new FormData(form).get("date");
  if (day) location.assign(`/day/${day}`);
}

/** @param {HTMLInputElement} input */
function offerZone(input) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || zone === input.value) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-small btn-fit";
  button.textContent = `Use this browser’s: ${zone}`;
  button.addEventListener("click", () => {
    input.value = zone;
    button.remove();
  });
  input.after(button);
}
