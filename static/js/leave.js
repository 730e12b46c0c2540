// Leave quickly: forget, sign out, be elsewhere. A page with form[data-leave] also leaves on Escape three times.
// Without JavaScript the form is posted and the server does the same.

import { forgetEverything } from "./storage.js";

const ESCAPES = 3;
const BETWEEN_MS = 700;

const form = document.querySelector("form[data-leave]");

function leave() {
  // Whoever has something unsaved must not ask now.
  document.dispatchEvent(new CustomEvent("mainstay:leaving"));
  forgetEverything();
  const request = { method: "POST", keepalive: true, credentials: "same-origin", redirect: "manual" };
  try {
    fetch(form.action, { ...request, body: new FormData(form) }).catch(() => {});
  } finally {
    document.title = "";
    document.body.replaceChildren();
    window.location.replace(form.dataset.leaveTo);
  }
}

if (form && form.dataset.leaveTo) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });

  let presses = 0;
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) {
      if (event.key !== "Escape") presses = 0;
      return;
    }
    presses = event.timeStamp - last < BETWEEN_MS ? presses + 1 : 1;
    last = event.timeStamp;
    if (presses >= ESCAPES) leave();
  });

  // *Back* to a page kept in memory asks the server again, which shows nothing to someone who left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-sign-out]")) {
    document.dispatchEvent(new CustomEvent("mainstay:leaving"));
    forgetEverything();
  }
});
