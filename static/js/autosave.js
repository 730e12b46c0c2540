// Saves what is typed after a second of quiet: one request at a time, only what differs from what the server has
// confirmed, and it says "saved" only when the server has. The contract is in docs/style-guide.md.

import { fingerprint, read, versionInput } from "./answers.js";
import { clearConflict, showConflict, showErrors } from "./conflicts.js";

const QUIET_MS = 1000;
const RETRY_MS = [2000, 5000, 15000, 30000, 60000];
const TIMEOUT_MS = 20000;
// Browsers refuse bodies over 64 KiB to a request that may outlive its page.
const KEEPALIVE_BYTES = 60000;

export class Autosave {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.autosaveUrl;
    this.label = document.querySelector("[data-saved]");
    this.confirmed = new Map([...read(form)].map(([unit, pairs]) => [unit, fingerprint(pairs)]));
    this.conflicts = new Set();
    this.request = null;
    this.timer = 0;
    this.failures = 0;
    this.stopped = false;
    this.sessionEnded = false;
    this.insists = false;
    this.listen();
  }

  listen() {
    const { form } = this;
    form.addEventListener("input", () => this.soon());
    form.addEventListener("change", () => this.soon());
    form.addEventListener("focusout", () => this.dirty().length && this.save());
    form.addEventListener("submit", (event) => this.beforeSubmit(event));
    document.addEventListener("mainstay:leaving", () => this.stop());
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.save());
    window.addEventListener("pagehide", () => this.lastWords());
    window.addEventListener("pageshow", (event) => event.persisted && this.resume());
    window.addEventListener("online", () => this.again());
    window.addEventListener("focus", () => this.sessionEnded && this.again());
    window.addEventListener("beforeunload", (event) => {
      if (!this.stopped && this.dirty().length && (this.failures || this.sessionEnded)) event.preventDefault();
    });
  }

  /** Names of the answers that differ from what the server has confirmed, those in conflict left out. */
  dirty() {
    const now = read(this.form);
    const units = new Set([...now.keys(), ...this.confirmed.keys()]);
    const differs = (unit) => fingerprint(now.get(unit)) !== (this.confirmed.get(unit) ?? "[]");
    return [...units].filter((unit) => !this.conflicts.has(unit) && differs(unit));
  }

  soon(wait = QUIET_MS) {
    clearTimeout(this.timer);
    if (this.stopped) return;
    if (!this.failures && !this.sessionEnded && this.dirty().length) this.say("waiting", this.form.dataset.textUnsaved);
    this.timer = setTimeout(() => this.save(), wait);
  }

  again() {
    this.failures = 0;
    this.soon(0);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  resume() {
    this.stopped = false;
    this.insists = false;
    this.soon();
  }

  /** The page is going: what was typed since the request under way goes in one of its own, and nobody waits for it. */
  lastWords() {
    const units = this.stopped ? [] : this.dirty();
    if (units.length) this.send(units);
  }

  /** Sends what is unsaved. Typing goes on meanwhile: it is compared again when the answer has come. */
  save() {
    clearTimeout(this.timer);
    if (this.stopped || this.request) return this.request;
    const units = this.dirty();
    if (!units.length) {
      if (!this.failures && !this.sessionEnded && this.lastLabel) this.say("", this.lastLabel);
      return null;
    }
    this.request = this.send(units).finally(() => {
      this.request = null;
      if (this.dirty().length) this.soon(this.failures ? this.pause() : QUIET_MS);
    });
    return this.request;
  }

  pause() {
    return RETRY_MS[Math.min(this.failures, RETRY_MS.length) - 1];
  }

  bodyOf(units, answers) {
    const body = new FormData();
    let size = 0;
    const add = (name, value) => {
      body.append(name, value);
      size += (name.length + value.length) * 3 + 150;
    };
    for (const unit of units) {
      add("changed", unit);
      for (const [name, value] of answers.get(unit) || []) add(name, value);
      const version = versionInput(this.form, unit);
      if (version) add(version.name, version.value);
    }
    return { body, keepalive: size < KEEPALIVE_BYTES };
  }

  async send(units) {
    const answers = read(this.form);
    const { body, keepalive } = this.bodyOf(units, answers);
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(this.url, {
        method: "POST",
        body,
        keepalive,
        credentials: "same-origin",
        redirect: "manual",
        signal: abort.signal,
        headers: { "X-CSRFToken": this.token(), "X-Autosave": "1", Accept: "application/json" },
      });
      const isJson = (response.headers.get("Content-Type") || "").includes("application/json");
      if (response.type === "opaqueredirect" || response.status === 401 || (response.status === 403 && !isJson)) {
        this.endSession();
      } else if (isJson && response.status < 500) {
        this.take(units, answers, await response.json());
      } else {
        this.fail(units, answers);
      }
    } catch {
      this.fail(units, answers);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The newest token: signing in again in another tab changes it. */
  token() {
    const cookie = document.cookie.match(/(?:^|;\s*)(?:__Host-|__Secure-)?csrftoken=([^;]+)/);
    const input = this.form.querySelector("input[name=csrfmiddlewaretoken]");
    if (cookie && input) input.value = decodeURIComponent(cookie[1]);
    return input ? input.value : "";
  }

  take(units, answers, reply) {
    const { saved_at: savedAt, saved_label: savedLabel, versions = {}, errors = {}, conflicts = {}, message } = reply;
    this.failures = savedAt || Object.keys(conflicts).length ? 0 : this.failures + 1;
    this.sessionEnded = false;
    for (const [unit, version] of Object.entries(versions)) {
      const input = versionInput(this.form, unit);
      if (input) input.value = String(version);
    }
    for (const unit of units) {
      // What the server refused counts as seen: it is not sent again until it is changed.
      const seen = unit in errors || (savedAt && !(unit in conflicts));
      if (seen) this.confirmed.set(unit, fingerprint(answers.get(unit)));
    }
    showErrors(this.form, units, errors);
    for (const [unit, conflict] of Object.entries(conflicts)) {
      this.conflicts.add(unit);
      showConflict(this, unit, conflict);
    }
    if (savedAt) {
      this.lastLabel = savedLabel;
      this.say("", savedLabel);
    } else {
      this.say("failed", message || this.form.dataset.textFailed);
    }
    this.tell("saved", { units });
  }

  fail(units, answers) {
    this.failures += 1;
    const { textOffline, textFailed } = this.form.dataset;
    this.say("failed", navigator.onLine === false ? textOffline : textFailed);
    this.tell("failed", { answers: new Map(units.map((unit) => [unit, answers.get(unit) || []])) });
  }

  endSession() {
    this.sessionEnded = true;
    this.failures += 1;
    const { textEnded, textSignIn, signInUrl } = this.form.dataset;
    this.say("failed", textEnded);
    if (!this.label || !signInUrl) return;
    const link = document.createElement("a");
    link.href = signInUrl;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = textSignIn;
    this.label.append(" ", link);
  }

  say(state, text) {
    if (!this.label || this.label.textContent === text) return;
    this.label.textContent = text || "";
    this.label.className = `saved ${state}`.trim();
  }

  tell(what, detail) {
    this.form.dispatchEvent(new CustomEvent(`autosave:${what}`, { detail, bubbles: true }));
  }

  /** A person's choice between two texts: their own goes on top of the newer version; the other is there already. */
  resolve(unit, version, { isTheirs = false } = {}) {
    const input = versionInput(this.form, unit);
    if (input) input.value = String(version);
    if (isTheirs) this.confirmed.set(unit, fingerprint(read(this.form).get(unit)));
    this.conflicts.delete(unit);
    clearConflict(this.form, unit);
    this.soon(0);
  }

  /** Unsaved answers are saved before the form itself is sent: with the line down or the session over, nothing that
   * was typed leaves the page with it. Whoever presses the button again insists, and the form is sent regardless. */
  beforeSubmit(event) {
    if (this.insists || (!this.request && !this.dirty().length)) {
      this.stop();
      return;
    }
    event.preventDefault();
    this.submitAfterSaving(event.submitter);
  }

  async submitAfterSaving(submitter) {
    await this.request;
    await this.save();
    this.insists = true;
    if (this.failures || this.sessionEnded || this.conflicts.size) return;
    if (this.form.requestSubmit) {
      this.form.requestSubmit(submitter || undefined);
      return;
    }
    if (submitter?.name) {
      const { name, value } = submitter;
      this.form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    this.stop();
    this.form.submit();
  }
}
