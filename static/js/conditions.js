// Questions that are asked only when another has a certain answer. Without JavaScript all are shown, each with a
// sentence that says when to answer it ([data-without-script], hidden here).

import { read } from "./answers.js";

/** Does an answer (its values as strings) fulfil the condition? The server judges by the same three comparisons. */
export function fulfils(values, operator, wanted) {
  const given = values.map((value) => value.trim()).filter(Boolean);
  if (operator === "is") return given.includes(wanted);
  if (operator === "is_not") return !given.includes(wanted);
  if (operator === "contains") {
    const part = wanted.toLocaleLowerCase();
    return given.some((value) => value.toLocaleLowerCase().includes(part));
  }
  return true;
}

/** The values of a question: of the control by that name, else of everything inside its [data-answer]. */
function valuesOf(form, question) {
  const named = form.elements[question];
  const found = named ? new FormData(form).getAll(question) : (read(form).get(question) || []).map((pair) => pair[1]);
  return found.filter((value) => typeof value === "string");
}

function apply(form) {
  for (const wrapper of form.querySelectorAll("[data-show-if-question]")) {
    const { showIfQuestion, showIfOp, showIfValue = "" } = wrapper.dataset;
    // An answer that is not asked for does not ask for others.
    const name = CSS.escape(showIfQuestion);
    const source = form.querySelector(`[name="${name}"], [data-answer="${name}"]`);
    const asked = !source || !source.closest("[data-show-if-question][hidden]");
    const shown = asked && fulfils(valuesOf(form, showIfQuestion), showIfOp, showIfValue);
    wrapper.hidden = !shown;
    // A required field that nobody sees would stop the browser from sending the form.
    for (const field of wrapper.querySelectorAll("[required], [data-was-required]")) {
      field.required = shown;
      field.dataset.wasRequired = "";
    }
  }
}

export function startConditions(form) {
  if (!form.querySelector("[data-show-if-question]")) return;
  for (const sentence of form.querySelectorAll("[data-without-script]")) sentence.hidden = true;
  apply(form);
  form.addEventListener("input", () => apply(form));
  form.addEventListener("change", () => apply(form));
}
