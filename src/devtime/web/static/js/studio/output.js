/** What a run said, drawn: its log, its answer, what it threw, and the statements it sent to the database. */

import { find, make, spokenBytes, spokenMs } from "./elements.js";

/**
 * What the server tells of a run.
 * @typedef {object} Run
 * @property {"ok" | "thrown" | "missing" | "deadlock" | "timeout" | "memory" | "stack" | "limit" | "crashed"} kind
 * @property {unknown} value
 * @property {{ name: string, message: string, stack: string, line: number, column: number } | null} failure
 * @property {string} told
 * @property {{ level: string, text: string }[]} logs
 * @property {{ text: string, rows: number, duration_ms: number, error: string }[]} statements
 * @property {number} duration_ms
 * @property {number} memory_bytes
 * @property {boolean} is_dry
 */

/** @type {Record<Run["kind"], string>} */
const ENDINGS = {
  ok: "Done",
  thrown: "Error",
  missing: "Nothing to call",
  deadlock: "Waits for ever",
  timeout: "Out of time",
  memory: "Out of memory",
  stack: "Too deep",
  limit: "Over a limit",
  crashed: "Stopped",
};

/** Says that a run is under way. */
export function showRunning() {
  find("studio-status", HTMLElement).replaceChildren(make("span", "badge", "Running…"));
}

/**
 * Shows a run that ended.
 * @param {Run} run
 * @param {string} called what was called
 * @param {(line: number, column: number) => void} go
 */
export function showRun(run, called, go) {
  const isGood = run.kind === "ok";
  const facts = [spokenMs(run.duration_ms)];
  if (run.memory_bytes) facts.push(spokenBytes(run.memory_bytes));
  facts.push(`${run.statements.length} SQL`);
  facts.push(run.is_dry ? "writes rolled back" : "writes kept");
  find("studio-status", HTMLElement).replaceChildren(
    make("span", `badge ${isGood ? "badge-good" : "badge-bad"}`, `${isGood ? "✓" : "✗"} ${ENDINGS[run.kind]}`),
    make("code", "", called),
    make("span", "muted", facts.join(" · ")),
  );
  const lines = run.logs.map(drawLine);
  const output = find("studio-output", HTMLElement);
  output.replaceChildren(...lines, ...drawEnding(run, called, go));
  if (!output.childElementCount) output.append(make("p", "empty studio-empty", "It ran, and said nothing."));
  showStatements(run.statements);
}

/**
 * Shows why there was no run.
 * @param {string} words
 */
export function showRefusal(words) {
  find("studio-status", HTMLElement).replaceChildren(make("span", "badge badge-bad", "✗ Not run"));
  find("studio-output", HTMLElement).replaceChildren(make("p", "message message-bad", words));
}

/** Empties the output. */
export function clearOutput() {
  find("studio-status", HTMLElement).replaceChildren();
  find("studio-output", HTMLElement).replaceChildren(make("p", "empty studio-empty", "Run the script: what it says shows here."));
  showStatements([]);
}

/**
 * A line of a log. Colour is not the only sign: warnings and errors say so.
 * @param {{ level: string, text: string }} line
 */
export function drawLine({ level, text }) {
  const sign = level === "warn" ? "WARN" : level === "error" ? "ERROR" : "";
  const drawn = make("div", `studio-line studio-line-${level}`);
  if (sign) drawn.append(make("span", "studio-level", sign));
  drawn.append(make("span", "studio-text", text));
  return drawn;
}

/**
 * @param {Run} run
 * @param {string} called
 * @param {(line: number, column: number) => void} go
 */
function drawEnding(run, called, go) {
  if (run.kind === "ok") {
    if (run.value === null || run.value === undefined) return [];
    return [make("div", "studio-value", make("p", "field-label", "Answer"), make("pre", "", JSON.stringify(run.value, null, 2)))];
  }
  if (run.kind === "missing") return [make("p", "message message-warn", `The script has no ${called}.`)];
  const failure = run.failure;
  const words = failure ? `${failure.name ? failure.name + ": " : ""}${failure.message}` : run.told || ENDINGS[run.kind];
  const drawn = make("div", "message message-bad", make("p", "studio-failure", words));
  if (failure?.line) {
    const button = make("button", "btn btn-small", `Line ${failure.line}`);
    button.setAttribute("type", "button");
    button.addEventListener("click", () => go(failure.line, failure.column || 1));
    drawn.append(button);
  }
  if (failure?.stack) drawn.append(make("details", "", make("summary", "", "Stack"), make("pre", "", failure.stack)));
  return [drawn];
}

/** @param {Run["statements"]} statements */
function showStatements(statements) {
  const count = find("studio-statement-count", HTMLElement);
  count.hidden = !statements.length;
  count.textContent = String(statements.length);
  const drawn = statements.map((each) =>
    make(
      "li",
      "studio-statement",
      make("pre", "", each.text),
      make("p", each.error ? "field-error" : "muted", each.error || `${each.rows} ${each.rows === 1 ? "row" : "rows"} · ${spokenMs(each.duration_ms)}`),
    ),
  );
  const nothing = make("p", "empty studio-empty", "Statements of the last run, with their rows and time.");
  find("studio-statements", HTMLElement).replaceChildren(drawn.length ? make("ol", "studio-list", ...drawn) : nothing);
}
