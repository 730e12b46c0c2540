// Live counts under fields with a word limit. Nothing is ever cut: over the limit there is a grace of one in ten,
// over the grace the server will ask to shorten, and the count says so while one types.

import { countWords } from "./words.js";

const QUIET_MS = 200;

/** The largest count the server accepts for a limit (one in ten more, rounded down). */
export function withGrace(limit) {
  return Math.floor((limit * 11) / 10);
}

/** "ok", "grace" or "over". */
export function standing(count, limit) {
  if (count <= limit) return "ok";
  return count <= withGrace(limit) ? "grace" : "over";
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

function outputOf(field) {
  return document.querySelector(`[data-word-count-for="${CSS.escape(field.id)}"]`);
}

function show(field) {
  const output = outputOf(field);
  if (!output) return;
  const limit = Number(field.dataset.wordLimit);
  const count = countWords(field.value);
  const state = standing(count, limit);
  const { textCount = "", textGrace = textCount, textOver = textCount } = output.dataset;
  const sentence = { ok: textCount, grace: textGrace, over: textOver }[state];
  output.textContent = fill(sentence, { count, limit, over: Math.max(count - limit, 0) });
  output.classList.toggle("grace", state === "grace");
  output.classList.toggle("over", state === "over");
}

export function startWordCounts(root) {
  const timers = new WeakMap();
  for (const field of root.querySelectorAll("[data-word-limit]")) show(field);
  root.addEventListener("input", (event) => {
    const field = event.target;
    if (!field.matches("[data-word-limit]")) return;
    clearTimeout(timers.get(field));
    timers.set(field, setTimeout(() => show(field), QUIET_MS));
  });
}
