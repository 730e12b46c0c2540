// Questions that are asked only when others have certain answers. Without JavaScript all are shown, each with a
// sentence that says when to answer it ([data-without-script], hidden here).

import { read } from "./answers.js";

/** Does an answer (its values as strings) fulfil a comparison with any of `wanted`? The server judges by the same. */
export function fulfils(values, operator, wanted) {
  const given = values.map((value) => value.trim()).filter(Boolean);
  const any = [wanted].flat();
  if (operator === "is") return any.some((value) => given.includes(value));
  if (operator === "is_not") return !any.some((value) => given.includes(value));
  if (operator === "contains") {
    const parts = any.map((value) => value.toLocaleLowerCase());
    return given.some((value) => parts.some((part) => value.toLocaleLowerCase().includes(part)));
  }
  return true;
}

/** Do the conditions hold, all or any, where `holds` judges one of them? */
export function combined({ match, rules }, holds) {
  return match === "any" ? rules.some(holds) : rules.every(holds);
}

/** The values of a question: of the control by that name, else of everything inside its [data-answer]. */
function valuesOf(form, question) {
  const named = form.elements[question];
  const found = named ? new FormData(form).getAll(question) : (read(form).get(question) || []).map((pair) => pair[1]);
  return found.filter((value) => typeof value === "string");
}

/** One condition: known already where it looks at another page; an answer that is not asked for fulfils none. */
function holdsIn(form, rule) {
  if ("fixed" in rule) return rule.fixed;
  const name = CSS.escape(rule.question);
  const source = form.querySelector(`[name="${name}"], [data-answer="${name}"]`);
  const asked = !source || !source.closest("[data-show-if][hidden]");
  return asked && fulfils(valuesOf(form, rule.question), rule.op, rule.values);
}

function apply(form) {
  for (const wrapper of form.querySelectorAll("[data-show-if]")) {
    const shown = combined(JSON.parse(wrapper.dataset.showIf), (rule) => holdsIn(form, rule));
    wrapper.hidden = !shown;
    // A required field that nobody sees would stop the browser from sending the form.
    for (const field of wrapper.querySelectorAll("[required], [data-was-required]")) {
      field.required = shown;
      field.dataset.wasRequired = "";
    }
  }
}

export function startConditions(form) {
  if (!form.querySelector("[data-show-if]")) return;
  for (const sentence of form.querySelectorAll("[data-without-script]")) sentence.hidden = true;
  apply(form);
  form.addEventListener("input", () => apply(form));
  form.addEventListener("change", () => apply(form));
}
