/** One panel of the dashboard: the widget's stage, and the words for what went wrong with it. */

import { Stage } from "./stage.js";

export class Panel {
  /** Called when the person asks for the widget once more. */
  onAgain = () => {};
  /** How often it was among those that stopped answering together. */
  strikes = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    const name = encodeURIComponent(element.dataset.widget ?? "");
    const place = element.querySelector("[data-widget-place]");
    const note = element.querySelector("[data-widget-note]");
    if (!(place instanceof HTMLElement) || !(note instanceof HTMLElement)) throw new Error("a panel has no place");
    this.element = element;
    this.place = place;
    this.note = note;
    const what = {
      title: element.dataset.title ?? "",
      framePath: `/widget-frame/${name}`,
      tokenPath: `/widget-token/${name}`,
    };
    this.stage = new Stage(place, what, {
      onFailed: (message, isEmpty) => this.#fail(message, isEmpty),
      onLeft: () => this.stop("It tried to open another page in its place, and was stopped."),
    });
  }

  /** Whether a frame of it is on the page. */
  get isOpen() {
    return this.stage.isOpen;
  }

  /** Runs it from the beginning; resolves when its script has run once through, or could not be had. */
  async open() {
    this.note.hidden = true;
    this.place.hidden = false;
    this.element.classList.add("is-waiting");
    try {
      await this.stage.open();
    } catch (error) {
      this.stop(error instanceof TypeError ? "The server does not answer." : `${error instanceof Error ? error.message : error}`);
    } finally {
      this.element.classList.remove("is-waiting");
    }
  }

  close() {
    this.stage.close();
    this.element.classList.remove("is-waiting");
  }

  tellTheme() {
    this.stage.tellTheme();
  }

  /**
   * Takes the frame away and says why.
   * @param {string} reason
   */
  stop(reason) {
    this.close();
    this.place.hidden = true;
    this.#tell("⚠ Stopped", reason);
  }

  /**
   * @param {string} message
   * @param {boolean} isEmpty
   */
  #fail(message, isEmpty) {
    this.place.hidden = isEmpty;
    this.#tell("⚠ Plugin error", `${message} The browser’s console has the details.`);
  }

  /**
   * @param {string} title
   * @param {string} text
   */
  #tell(title, text) {
    const strong = document.createElement("strong");
    strong.textContent = title;
    const words = document.createElement("p");
    words.textContent = text;
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn btn-small";
    again.textContent = "Run again";
    again.addEventListener("click", () => this.onAgain());
    this.note.replaceChildren(strong, words, again);
    this.note.hidden = false;
  }
}
