/** Forms that destroy something ask first, in a dialog. */

/** @type {HTMLFormElement | null} */
let waiting = null;

/** Stops forms with `data-confirm` until the question is answered. */
export function startConfirming() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.confirm || form === waiting) return;
    event.preventDefault();
    ask(form, form.dataset.confirm, event.submitter);
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {string} question
 * @param {HTMLElement | null} submitter
 */
function ask(form, question, submitter) {
  const dialog = build(question, submitter?.textContent?.trim() || "Go on");
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (dialog.returnValue !== "yes") return;
    waiting = form;
    form.requestSubmit(submitter);
    waiting = null;
  });
  dialog.showModal();
}

/**
 * @param {string} question
 * @param {string} action
 */
function build(question, action) {
  const dialog = document.createElement("dialog");
  dialog.className = "help confirm";
  dialog.setAttribute("aria-label", "Are you sure?");
  const text = document.createElement("p");
  text.textContent = question;
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "actions";
  form.append(button("Keep it", "", "btn"), button(action, "yes", "btn btn-danger"));
  dialog.append(text, form);
  return dialog;
}

/**
 * @param {string} text
 * @param {string} value
 * @param {string} kind
 */
function button(text, value, kind) {
  const made = document.createElement("button");
  made.textContent = text;
  made.value = value;
  made.className = kind;
  return made;
}
