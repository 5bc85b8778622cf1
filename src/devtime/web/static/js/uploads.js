/** Uploads with a progress bar. Without scripts the browser sends the form itself. */

import { all } from "./page.js";

/** Takes over forms with `data-upload`. */
export function startUploads() {
  for (const form of all("form[data-upload]", HTMLFormElement)) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
  }
}

/** @param {HTMLFormElement} form */
function send(form) {
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => show(form, event.loaded, event.total));
  request.addEventListener("load", () => finish(form, request));
  request.addEventListener("error", () => say(form, "The connection broke. Nothing was lost: try again."));
  request.send(new FormData(form));
  setBusy(form, true);
  show(form, 0, 1);
}

/**
 * @param {HTMLFormElement} form
 * @param {XMLHttpRequest} request
 */
function finish(form, request) {
  if (request.status < 400) {
    location.assign(request.responseURL);
    return;
  }
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  const text = answer.querySelector(".field-error, .flash-failed, main p")?.textContent;
  say(form, text?.trim() || `The server answered ${request.status}.`);
}

/**
 * @param {HTMLFormElement} form
 * @param {number} sent
 * @param {number} total
 */
function show(form, sent, total) {
  const bar = form.querySelector("progress");
  const percent = total ? Math.round((100 * sent) / total) : 0;
  if (bar) bar.value = percent;
  write(form, sent < total ? `Uploading, ${percent}%` : "Uploaded; the server reads it now");
}

/**
 * @param {HTMLFormElement} form
 * @param {string} text
 */
function say(form, text) {
  setBusy(form, false);
  write(form, text);
}

/**
 * @param {HTMLFormElement} form
 * @param {string} text
 */
function write(form, text) {
  const holder = form.querySelector("[data-upload-progress]");
  const words = form.querySelector("[data-upload-text]");
  if (holder instanceof HTMLElement) holder.hidden = false;
  if (words) words.textContent = text;
}

/**
 * @param {HTMLFormElement} form
 * @param {boolean} isBusy
 */
function setBusy(form, isBusy) {
  for (const button of all("button", HTMLButtonElement, form)) button.disabled = isBusy;
}
