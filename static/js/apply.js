// A page of an application form (and any other form with data-autosave, word limits, conditions or repeated rows).

import { Autosave } from "./autosave.js";
import { startConditions } from "./conditions.js";
import { startOffline } from "./offline.js";
import { startRows } from "./rows.js";
import { startWordCounts } from "./wordcount.js";

startRows(document);
startWordCounts(document);

for (const form of document.querySelectorAll("form")) {
  startConditions(form);
  if ("autosave" in form.dataset && form.dataset.autosaveUrl) startOffline(form, new Autosave(form));
}
