// Keys of the staff portal: / search, j and k move through rows, Enter opens (the row's link has the focus), ? help.
// No key changes anything.

const TYPING = "input, textarea, select, [contenteditable]";

function rows() {
  const found = document.querySelectorAll("[data-rows-list] [data-row], table.grid tbody tr");
  return [...found].filter((row) => row.querySelector("a[href]"));
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row.classList.contains("here") || row.contains(document.activeElement));
  const next = all[here < 0 ? 0 : Math.min(Math.max(here + step, 0), all.length - 1)];
  all.forEach((row) => row.classList.toggle("here", row === next));
  (next.querySelector("a.title[href]") || next.querySelector("a[href]")).focus();
}

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

const actions = {
  "/": () => {
    const field = document.querySelector("[data-search], input[type=search]");
    field?.focus();
    field?.select();
  },
  j: () => move(1),
  k: () => move(-1),
  "?": () => openDialog("keyboard-help"),
};

// On a phone the menu is a strip that slides: begin where the person is.
const strip = document.querySelector(".sidenav nav");
const here = strip?.querySelector("[aria-current]");
if (here && strip.scrollWidth > strip.clientWidth) {
  const [outer, inner] = [strip.getBoundingClientRect(), here.getBoundingClientRect()];
  strip.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
}
// The menu beside a page on a low screen, likewise.
const menu = document.querySelector(".sidenav");
const place = menu?.querySelector("[aria-current]");
if (place && menu.scrollHeight > menu.clientHeight && getComputedStyle(menu).overflowY === "auto") {
  const [outer, inner] = [menu.getBoundingClientRect(), place.getBoundingClientRect()];
  if (inner.bottom > outer.bottom) menu.scrollTop += inner.top + inner.height / 2 - (outer.top + outer.height / 2);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : null;
  if (!action) return;
  event.preventDefault();
  action();
});

for (const button of document.querySelectorAll("[data-open-dialog]")) {
  button.hidden = false;
  button.addEventListener("click", () => openDialog(button.dataset.openDialog));
}

// "Select all" of a table that acts on many, and how many are ticked.
for (const all of document.querySelectorAll("[data-select-all]")) {
  const boxes = () => [...document.querySelectorAll(`input[type=checkbox][name="${all.dataset.selectAll}"]`)];
  const outputs = document.querySelectorAll("[data-selected-count]");
  const show = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
    outputs.forEach((output) => (output.textContent = String(ticked)));
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    boxes().forEach((box) => (box.checked = all.checked));
    show();
  });
  document.addEventListener("change", (event) => {
    if (event.target !== all && event.target.name === all.dataset.selectAll) show();
  });
  show();
}

// A page that asks for news by itself waits while somebody works in it with the keyboard.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  const live = event.detail.elt;
  if (live.hasAttribute("data-live") && live.contains(document.activeElement)) event.preventDefault();
});

// A strip that slides brings what has the focus whole into sight; the browser is content with a part of it.
document.addEventListener("focusin", (event) => {
  if (event.target.closest(".sections, .sidenav")) event.target.scrollIntoView({ block: "nearest", inline: "center" });
});
