/** The editor's colours: the site's own tokens, so both themes and a user's theme apply by themselves. */

import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** What each kind of word is coloured with. */
export const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.controlKeyword], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--code-number)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-call)" },
  { tag: [tags.typeName, tags.className, tags.namespace], color: "var(--code-type)" },
  { tag: [tags.propertyName], color: "var(--code-property)" },
  { tag: [tags.comment], color: "var(--text-dark)", fontStyle: "italic" },
  { tag: [tags.invalid], color: "var(--danger)" },
]);

/** The editor itself. */
export const look = EditorView.theme({
  "&": { height: "100%", color: "var(--text-main)", backgroundColor: "var(--bg-card)", fontSize: "var(--code-size, 13px)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.65", overflow: "auto" },
  ".cm-content": { padding: "10px 0", caretColor: "var(--accent)" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-gutters": { backgroundColor: "var(--bg-card)", color: "var(--text-dark)", border: "none", paddingLeft: "4px" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--bg-hover) 55%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--text-main)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 24%, transparent)",
  },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--accent) 12%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "transparent", outline: "1px solid var(--border-focus)", borderRadius: "2px" },
  ".cm-foldGutter": { width: "14px" },
  ".cm-gutter-lint": { width: "14px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--bg-hover)", border: "none", color: "var(--text-muted)", padding: "0 6px" },
  ".cm-panels": { backgroundColor: "var(--bg-card)", color: "var(--text-main)", borderColor: "var(--border)", fontFamily: "var(--font-sans)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--border)" },
  ".cm-panel.cm-search": { padding: "8px 28px 8px 10px" },
  ".cm-textfield": { backgroundColor: "var(--bg-input)", border: "1px solid var(--border-focus)", borderRadius: "var(--radius-sm)", color: "inherit" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--bg-card)", border: "1px solid var(--border-focus)", borderRadius: "var(--radius-sm)", color: "inherit" },
  ".cm-tooltip": { backgroundColor: "var(--bg-card)", color: "var(--text-main)", border: "1px solid var(--border)", borderRadius: "var(--radius-sm)", boxShadow: "var(--shadow)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent-soft)", color: "var(--text-main)" },
  ".cm-completionDetail": { color: "var(--text-dark)", fontStyle: "normal", marginLeft: "12px" },
  ".cm-completionInfo": { maxWidth: "320px", fontFamily: "var(--font-sans)", padding: "8px 12px" },
  ".cm-diagnostic": { padding: "6px 10px", borderLeft: "3px solid var(--text-dark)", fontFamily: "var(--font-sans)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--danger)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
  ".cm-lint-marker": { width: "0.85em", height: "0.85em" },
});
