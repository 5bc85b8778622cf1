/** Menus made of `<details>`: a click elsewhere or Escape closes them. */

import { all } from "./page.js";

/** Watches clicks and Escape. */
export function startMenus() {
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) {
      if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}

function openMenus() {
  return all("details[data-menu][open]", HTMLDetailsElement);
}
