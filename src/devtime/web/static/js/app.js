/** Starts everything a page may need. Pages work without it; only what is live needs it. */

import { startConfirming } from "./confirming.js";
import { startCopying } from "./copying.js";
import { startForms } from "./forms.js";
import { startKeyboard } from "./keyboard.js";
import { startLive } from "./live.js";
import { startMarks } from "./marks.js";
import { startMenus } from "./menus.js";
import { startTabs } from "./tabs.js";
import { startTheme } from "./theme.js";
import { startThemes } from "./themes.js";
import { startTips } from "./tips.js";
import { startUploads } from "./uploads.js";

startTheme();
startMenus();
startKeyboard();
startMarks();
startTips();
startTabs();
startCopying();
startConfirming();
startForms();
startUploads();
startThemes();
startLive();
