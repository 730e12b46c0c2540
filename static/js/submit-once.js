// A double click sends a form once. Buttons stay enabled (a disabled one would lose its name and value, and the
// keyboard its place); a second submit is swallowed for a few seconds. The server refuses doubles by itself as well.

const PAUSE_MS = 5000;
const sent = new WeakMap();

function release(form, submitter) {
  sent.delete(form);
  submitter?.removeAttribute("aria-busy");
}

// On the document, so that whoever handles the submit itself (autosave, htmx) has had its turn to prevent it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || "submitMany" in form.dataset) return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  const submitter = event.submitter || null;
  submitter?.setAttribute("aria-busy", "true");
  sent.set(form, { submitter, timer: setTimeout(() => release(form, submitter), PAUSE_MS) });
});

// A page that comes back from the browser's memory starts afresh.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.forms) {
    const state = sent.get(form);
    if (!state) continue;
    clearTimeout(state.timer);
    release(form, state.submitter);
  }
});
