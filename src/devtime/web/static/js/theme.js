/** Light and dark: an attribute on the root, kept in a cookie, so that the server draws the next page right at once. */

import { announce } from "./page.js";

const YEAR_S = 31_536_000;

/** Takes over the theme button and the theme form; without this they post and the page comes back. */
export function startTheme() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.matches("[data-theme-toggle]")) {
      event.preventDefault();
      setTheme(isDark() ? "light" : "dark");
    } else if (form.matches("[data-theme-form]")) {
      event.preventDefault();
      setTheme(String(new FormData(form).get("theme") ?? "auto"));
    }
  });
}

function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
}

/** @param {string} theme */
function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR_S}; samesite=lax`;
  announce(theme === "auto" ? "The theme follows the system" : `The theme is ${theme}`);
}
