// What the server says about single answers after saving: one is wrong, or a colleague wrote a newer one.

import { controlsOf, placeOf, write } from "./answers.js";

function errorId(unit) {
  return `autosave-error-${unit}`;
}

/** Shows the messages of `errors` and takes away those of the other answers just sent. */
export function showErrors(form, units, errors) {
  for (const unit of new Set([...units, ...Object.keys(errors)])) {
    const old = document.getElementById(errorId(unit));
    const message = errors[unit];
    if (!message) {
      old?.remove();
      continue;
    }
    const place = old || document.createElement("p");
    place.id = errorId(unit);
    place.className = "field-error";
    place.textContent = message;
    if (!old) placeOf(form, unit)?.append(place);
  }
}

function boxId(unit) {
  return `autosave-conflict-${unit}`;
}

export function clearConflict(form, unit) {
  document.getElementById(boxId(unit))?.remove();
  controlsOf(form, unit)[0]?.focus();
}

/** Both texts and two buttons, from template[data-conflict-template], so that the words are the server's. */
export function showConflict(autosave, unit, { theirs = "", by = "", version, message = "" }) {
  const { form } = autosave;
  const template = document.querySelector("template[data-conflict-template]");
  const place = placeOf(form, unit);
  if (!template || !place) return;
  document.getElementById(boxId(unit))?.remove();
  const box = template.content.firstElementChild.cloneNode(true);
  box.id = boxId(unit);
  box.querySelector("[data-conflict-message]").textContent = message;
  box.querySelector("[data-conflict-by]").textContent = by;
  box.querySelector("[data-conflict-theirs]").textContent = theirs;
  box.querySelector("[data-keep-mine]").addEventListener("click", () => autosave.resolve(unit, version));
  box.querySelector("[data-use-theirs]").addEventListener("click", () => useTheirs(autosave, unit, theirs, version));
  place.append(box);
}

async function useTheirs(autosave, unit, theirs, version) {
  const { form } = autosave;
  const controls = controlsOf(form, unit);
  const [control] = controls;
  const isText = controls.length === 1 && ["textarea", "text", "email", "url", "tel"].includes(control.type);
  if (isText && write(form, unit, [[control.name, theirs]])) {
    autosave.resolve(unit, version, { isTheirs: true });
    return;
  }
  // An answer of many parts: save the rest, then show the page as the server has it.
  await autosave.save();
  autosave.stop();
  window.location.reload();
}
