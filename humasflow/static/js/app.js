// Behaviours shared by all pages, each bound by a data attribute. Without scripts every page still works.
import { bindAhead } from "./ahead.js";
import { bindBell } from "./bell.js";
import { bindCopy } from "./copy.js";
import { bindCounters } from "./counter.js";
import { bindDialogs } from "./dialog.js";
import { bindFeedback } from "./feedback.js";
import { bindFind } from "./find.js";
import { bindForms } from "./forms.js";
import { bindKeep } from "./keep.js";
import { bindMenus } from "./menus.js";
import { bindOffline } from "./offline.js";
import { bindPhotos } from "./photos.js";
import { bindPush } from "./push.js";
import { bindShortcuts } from "./shortcuts.js";
import { bindTabRows } from "./tabs-row.js";
import { bindToasts } from "./toasts.js";

document.documentElement.classList.add("js");
for (const bind of [bindAhead, bindFeedback, bindDialogs, bindMenus, bindToasts, bindKeep, bindForms, bindCounters, bindPhotos, bindPush, bindBell, bindFind, bindCopy, bindShortcuts, bindTabRows, bindOffline]) {
  bind(document);
}
