// A score sheet by keyboard: digits give the score of the criterion that has the focus, Delete takes it back, n and p go to
// the next and the previous criterion, r to its reason. Keys work on the sheet alone, and never where somebody types.

const TYPING = "input:not([type=radio]), textarea, select, [contenteditable]";
const TOGETHER_MS = 900;
const sheet = document.querySelector("form[data-score-sheet]");
const criteria = [...sheet.querySelectorAll("[data-criterion]")];
let typed = "";
let typedAt = 0;
let typedOn = null;

/** A digit or a decimal point, from whichever script's keyboard; "" for anything else. */
function figure(key) {
  if (key === "." || key === "," || key === "\u066b") return ".";
  if (/^[0-9]$/.test(key)) return key;
  const code = key.length === 1 ? key.codePointAt(0) : 0;
  if (code >= 0x660 && code <= 0x669) return String(code - 0x660);
  if (code >= 0x6f0 && code <= 0x6f9) return String(code - 0x6f0);
  return "";
}

function radiosOf(criterion) {
  return [...criterion.querySelectorAll("input[type=radio]")];
}

function choose(radio) {
  radio.focus();
  if (radio.checked) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("input", { bubbles: true }));
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function radioFor(criterion, text) {
  return radiosOf(criterion).find((radio) => radio.value !== "" && Number(radio.value) === Number(text));
}

/** Figures typed quickly after one another are one number (10, 3.5); one that is no point begins anew. */
function give(criterion, key, now) {
  const goesOn = typedOn === criterion && now - typedAt < TOGETHER_MS;
  typed = (goesOn ? typed : "") + key;
  typedAt = now;
  typedOn = criterion;
  if (typed.endsWith(".")) return;
  const radio = radioFor(criterion, typed) || radioFor(criterion, (typed = key));
  if (radio) choose(radio);
}

function takeBack(criterion) {
  typed = "";
  const blank = radiosOf(criterion).find((radio) => radio.value === "");
  if (blank) choose(blank);
}

function go(from, step) {
  const next = criteria[from ? criteria.indexOf(from) + step : 0];
  const control = next && (next.querySelector("input[type=radio]:checked") || next.querySelector("select"));
  control?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

sheet.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(TYPING)) return;
  const criterion = event.target.closest("[data-criterion]");
  const number = figure(event.key);
  if (criterion && number) give(criterion, number, event.timeStamp);
  else if (criterion && (event.key === "Delete" || event.key === "Backspace")) takeBack(criterion);
  else if (event.key === "n") go(criterion, 1);
  else if (event.key === "p") go(criterion, -1);
  else if (criterion && event.key === "r") criterion.querySelector("textarea")?.focus();
  else return;
  event.preventDefault();
});

// How far the sheet is, also when a score came from another script.
const scored = sheet.querySelector("[data-scored]");

function count() {
  const given = criteria.filter((criterion) => {
    const chosen = criterion.querySelector("input[type=radio]:checked, select");
    return chosen && chosen.value !== "";
  });
  const words = scored.dataset.text.replace("{count}", given.length).replace("{all}", criteria.length);
  if (scored.textContent !== words) scored.textContent = words;
}

if (scored) {
  scored.hidden = false;
  sheet.addEventListener("change", count);
  count();
}

// On a phone the switch says which part is in sight.
const links = [...document.querySelectorAll(".switch a")];
if (links.length && "IntersectionObserver" in window) {
  const inSight = new Map();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) inSight.set(entry.target.id, entry.isIntersecting);
      const now = links.find((link) => inSight.get(link.hash.slice(1))) || links[0];
      for (const link of links) link === now ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    },
    { rootMargin: "-20% 0px -75% 0px" },
  );
  for (const link of links) watch.observe(document.querySelector(link.hash));
}
