/**
 * The code editor of the studio: CodeMirror, dressed in the site's colours. esbuild bundles this file with what it
 * imports into static/built/editor.js. It lives in a shadow root, where its styles are constructed sheets, so the
 * site's Content-Security-Policy needs no exception.
 */

import { autocompletion, closeBrackets, closeBracketsKeymap, completeFromList, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript, javascriptLanguage } from "@codemirror/lang-javascript";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import * as view from "@codemirror/view";
import { colours, look } from "./look.js";

const { EditorView } = view;

/**
 * A place in the text that something is wrong with; line and column count from 1.
 * @typedef {{ line: number, column: number, severity: "error" | "warning" | "info", message: string }} Problem
 */

/**
 * @typedef {object} Editor
 * @property {() => string} text
 * @property {(text: string) => void} replace Puts another text in; it can be undone.
 * @property {(problems: Problem[]) => void} mark
 * @property {(line: number, column: number) => void} go Puts the cursor there and shows it.
 * @property {() => void} focus
 */

/**
 * Puts an editor into an element.
 * @param {HTMLElement} parent
 * @param {{ text: string, label: string, words: { label: string, detail: string, info: string }[],
 *   onChange: (text: string) => void, onRun: () => void }} options `words` are completed
 * @returns {Editor}
 */
export function createEditor(parent, options) {
  const root = parent.attachShadow({ mode: "open" });
  const language = new Compartment();
  const words = options.words.map((word) => ({ ...word, type: word.label.includes("(") ? "function" : "variable" }));
  const editor = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        view.keymap.of([{ key: "Mod-Enter", run: () => (options.onRun(), true) }]),
        view.lineNumbers(),
        view.highlightActiveLineGutter(),
        view.highlightSpecialChars(),
        history(),
        foldGutter(),
        view.drawSelection(),
        view.dropCursor(),
        EditorState.allowMultipleSelections.of(true),
        EditorState.tabSize.of(2),
        indentUnit.of("  "),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ activateOnTyping: true, icons: false }),
        view.rectangularSelection(),
        view.highlightActiveLine(),
        highlightSelectionMatches(),
        lintGutter(),
        language.of(javascript({ typescript: true })),
        javascriptLanguage.data.of({ autocomplete: completeFromList(words) }),
        syntaxHighlighting(colours),
        look,
        EditorView.contentAttributes.of({ "aria-label": options.label, spellcheck: "false", autocorrect: "off", tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && options.onChange(update.state.doc.toString())),
        view.keymap.of([
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...searchKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...completionKeymap,
          ...lintKeymap,
          indentWithTab,
        ]),
      ],
    }),
  });
  return {
    text: () => editor.state.doc.toString(),
    replace: (text) => editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text }, selection: { anchor: 0 } }),
    mark: (problems) => editor.dispatch(setDiagnostics(editor.state, problems.map((problem) => placed(editor.state, problem)))),
    go: (line, column) => {
      const { from } = placed(editor.state, { line, column, severity: "info", message: "" });
      editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      editor.focus();
    },
    focus: () => editor.focus(),
  };
}

/**
 * A problem as CodeMirror marks it: to the end of its word, or one character, or the end of its line.
 * @param {EditorState} state
 * @param {Problem} problem
 */
function placed(state, problem) {
  const line = state.doc.line(Math.max(1, Math.min(problem.line || 1, state.doc.lines)));
  const from = Math.min(line.to, line.from + Math.max(0, problem.column - 1));
  const word = state.wordAt(from);
  const to = word && word.from === from ? word.to : Math.min(line.to, from + 1);
  return { from, to, severity: problem.severity, message: problem.message };
}
