// With the person's consent on this device, what could not be sent is kept here for a day and sent when the line is
// back. Never an answer marked sensitive; gone once sent, after 24 hours, on signing out and on leaving.

import { isSensitive, versionInput, write } from "./answers.js";
import { PREFIX, keysOf, store } from "./storage.js";

const KEEP_MS = 24 * 60 * 60 * 1000;
const CONSENT = `${PREFIX}offline-consent`;

/** Deletes drafts older than a day, of whichever application. */
export function purge(now = Date.now()) {
  const storage = store();
  for (const key of keysOf("draft:")) {
    let at = 0;
    try {
      at = JSON.parse(storage.getItem(key)).at;
    } catch {
      // Unreadable: as good as old.
    }
    if (!(now - at < KEEP_MS) || at > now) storage.removeItem(key);
  }
}

class OfflineDraft {
  constructor(form, autosave) {
    this.form = form;
    this.autosave = autosave;
    this.storage = store();
    this.key = `${PREFIX}draft:${form.dataset.reference || form.dataset.autosaveUrl}`;
    this.notice = document.querySelector("[data-offline-notice]");
    this.listen();
    if (this.consented()) this.restore();
  }

  consented() {
    return this.storage?.getItem(CONSENT) === "yes";
  }

  listen() {
    for (const box of document.querySelectorAll("[data-offline-consent]")) {
      box.closest("[hidden]")?.removeAttribute("hidden");
      box.checked = this.consented();
      box.addEventListener("change", () => (box.checked ? this.agree() : this.withdraw()));
    }
    this.form.addEventListener("autosave:failed", (event) => this.consented() && this.keep(event.detail.answers));
    this.form.addEventListener("autosave:saved", () => {
      if (!this.autosave.dirty().length) this.storage?.removeItem(this.key);
    });
  }

  agree() {
    try {
      this.storage?.setItem(CONSENT, "yes");
    } catch {
      // Full or forbidden: nothing is kept, as if they had not agreed.
    }
  }

  withdraw() {
    for (const key of keysOf()) this.storage.removeItem(key);
  }

  keep(answers) {
    const kept = {};
    for (const [unit, pairs] of answers) {
      if (isSensitive(this.form, unit)) continue;
      kept[unit] = { pairs, version: versionInput(this.form, unit)?.value ?? "" };
    }
    if (!Object.keys(kept).length) return;
    try {
      this.storage.setItem(this.key, JSON.stringify({ at: Date.now(), answers: kept }));
    } catch {
      // Full: what is typed is still on the page.
    }
  }

  /** Puts kept answers back, with the version they were typed over, so that a colleague's newer text is noticed. */
  restore() {
    let draft = null;
    try {
      draft = JSON.parse(this.storage.getItem(this.key));
    } catch {
      this.storage.removeItem(this.key);
    }
    if (!draft) return;
    let restored = 0;
    for (const [unit, { pairs, version }] of Object.entries(draft.answers)) {
      if (isSensitive(this.form, unit) || !write(this.form, unit, pairs)) continue;
      const input = versionInput(this.form, unit);
      if (input && version) input.value = version;
      restored += 1;
    }
    if (!restored || !this.autosave.dirty().length) {
      this.storage.removeItem(this.key);
      return;
    }
    if (this.notice) this.notice.hidden = false;
    this.autosave.soon(0);
  }
}

export function startOffline(form, autosave) {
  if (!store()) return;
  purge();
  new OfflineDraft(form, autosave);
}
