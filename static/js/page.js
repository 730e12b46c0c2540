// On every page: one submit at a time, a way out, and errors within reach of the keyboard.

import "./submit-once.js";
import "./leave.js";

const FOCUSABLE = "input:not([type=hidden]):not([disabled]), select, textarea, button, a[href]";

/** The control a link of the error summary means: the target itself, or the first control inside it. */
function controlAt(hash) {
  const target = hash.length > 1 && document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return null;
  return target.matches(FOCUSABLE) ? target : target.querySelector(FOCUSABLE);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(".summary a[href^='#']");
  const control = link && controlAt(link.hash);
  if (!control) return;
  event.preventDefault();
  control.focus();
  (control.closest(".field, .question") || control).scrollIntoView({ block: "start" });
});

document.querySelector(".summary[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
