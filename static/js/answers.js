// The answers of a form as units that are saved, versioned and compared: everything inside [data-answer="name"], or a
// single control by its own name. Each has a hidden input "<name>__version".

const VERSION = "__version";
const NOT_ANSWERS = new Set(["csrfmiddlewaretoken"]);

function isAnswer(control) {
  return (
    control.name &&
    !control.disabled &&
    control.type !== "file" &&
    control.type !== "submit" &&
    control.type !== "button" &&
    !NOT_ANSWERS.has(control.name) &&
    !control.name.endsWith(VERSION) &&
    !("autosaveNever" in control.dataset)
  );
}

export function unitOf(control) {
  return control.closest("[data-answer]")?.dataset.answer || control.name;
}

/** The controls of one answer. */
export function controlsOf(form, unit) {
  return [...form.elements].filter((control) => isAnswer(control) && unitOf(control) === unit);
}

/** Map of answer name to its [name, value] pairs, in the order of the page. An answer with nothing ticked is []. */
export function read(form) {
  const answers = new Map();
  for (const control of form.elements) {
    if (!isAnswer(control)) continue;
    const unit = unitOf(control);
    if (!answers.has(unit)) answers.set(unit, []);
    const pairs = answers.get(unit);
    if (control.type === "checkbox" || control.type === "radio") {
      if (control.checked) pairs.push([control.name, control.value]);
    } else if (control.type === "select-multiple") {
      for (const option of control.selectedOptions) pairs.push([control.name, option.value]);
    } else {
      pairs.push([control.name, control.value]);
    }
  }
  return answers;
}

/** One comparable text for an answer. */
export function fingerprint(pairs) {
  return JSON.stringify(pairs || []);
}

export function versionInput(form, unit) {
  return form.querySelector(`input[name="${CSS.escape(unit + VERSION)}"]`);
}

/** Where messages about an answer belong. */
export function placeOf(form, unit) {
  const whole = form.querySelector(`[data-answer="${CSS.escape(unit)}"]`);
  const [control] = controlsOf(form, unit);
  return whole || control?.closest(".field, .question") || control?.parentElement;
}

/** Whether an answer must never be kept in the browser. */
export function isSensitive(form, unit) {
  return controlsOf(form, unit).some((control) => control.closest("[data-sensitive]"));
}

/** Puts values back into an answer's controls; false when they do not fit the controls on the page. */
export function write(form, unit, pairs) {
  const controls = controlsOf(form, unit);
  const names = new Set(controls.map((control) => control.name));
  if (!controls.length || pairs.some(([name]) => !names.has(name))) return false;
  const left = pairs.map((pair) => [...pair]);
  for (const control of controls) {
    const at = left.findIndex(([name, value]) => {
      if (name !== control.name) return false;
      return control.type === "checkbox" || control.type === "radio" ? value === control.value : true;
    });
    if (control.type === "checkbox" || control.type === "radio") {
      control.checked = at >= 0;
    } else if (control.type === "select-multiple") {
      const wanted = new Set(left.filter(([name]) => name === control.name).map(([, value]) => value));
      for (const option of control.options) option.selected = wanted.has(option.value);
      continue;
    } else if (at >= 0) {
      control.value = left[at][1];
    }
    if (at >= 0) left.splice(at, 1);
  }
  controls[0].dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}
