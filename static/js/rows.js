// Repeated tables and budgets: add and remove rows by the conventions of Django's formsets, and live totals in exact
// hundredths. Without JavaScript the server offers empty rows and tick boxes to remove.

const HUNDREDTHS = /^(-?)(\d+)(?:\.(\d{0,2}))?$/;

/** A typed number in hundredths as a BigInt, null when it is not one. Western and Arabic digits and separators. */
export function hundredths(text) {
  const western = text
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\s'\u2019]/g, "")
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/\u066b/g, ".")
    .replace(/[\u066c\u060c,]/g, "")
    .replace(/^\./, "0.");
  const match = western.length <= 20 && western.match(HUNDREDTHS);
  if (!match) return null;
  const [, sign, whole, part = ""] = match;
  return BigInt(`${sign}${whole}${part.padEnd(2, "0")}`);
}

/** Hundredths as the server writes sums: 18,400 and 18,400.50. */
export function written(value) {
  const digits = (value < 0 ? -value : value).toString().padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  const part = digits.slice(-2);
  return `${value < 0 ? "-" : ""}${whole}${part === "00" ? "" : `.${part}`}`;
}

/** quantity × cost of one, both in hundredths, rounded half up to hundredths. */
export function product(quantity, cost) {
  const raw = quantity * cost;
  const half = raw < 0 ? BigInt(-50) : BigInt(50);
  return (raw + half) / BigInt(100);
}

function rowsIn(box) {
  return [...box.querySelectorAll("[data-row]")].filter((row) => !row.hidden);
}

/** The sum of the inputs marked data-addend="name" in rows that are not removed. */
function sum(box, name) {
  let total = BigInt(0);
  const selector = `[data-addend="${CSS.escape(name)}"]`;
  for (const row of rowsIn(box)) {
    for (const input of row.querySelectorAll(selector)) total += hundredths(input.value) ?? BigInt(0);
  }
  return total;
}

function showTotals(box) {
  let all = BigInt(0);
  for (const row of rowsIn(box)) {
    const quantity = row.querySelector("[data-quantity]");
    const cost = row.querySelector("[data-unit-cost]");
    if (!quantity || !cost) continue;
    const [left, right] = [hundredths(quantity.value), hundredths(cost.value)];
    const known = left !== null && right !== null;
    const total = known ? product(left, right) : BigInt(0);
    all += total;
    for (const output of row.querySelectorAll("[data-row-total]")) output.textContent = known ? written(total) : "–";
  }
  for (const output of document.querySelectorAll(`[data-sum-of="${CSS.escape(box.dataset.rows)}"]`)) {
    const name = output.dataset.sum;
    output.textContent = written(name === "total" ? all : sum(box, name));
  }
}

function changed(box) {
  showTotals(box);
  // Autosave listens for what a person does; adding and removing is something they did.
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

class Rows {
  constructor(box) {
    this.box = box;
    this.prefix = box.dataset.rows;
    this.body = box.querySelector("[data-rows-body]") || box;
    this.template = box.querySelector("template[data-row-template]");
    this.count = box.querySelector(`input[name="${CSS.escape(this.prefix)}-TOTAL_FORMS"]`);
    this.most = Number(box.dataset.mostRows) || Infinity;
    this.add = box.querySelector("[data-add-row]");
    this.undo = box.querySelector("[data-undo-row]");
    this.removed = null;
    for (const row of box.querySelectorAll("[data-row]")) this.prepare(row);
    if (this.template && this.add) {
      this.add.hidden = false;
      this.add.addEventListener("click", () => this.addRow());
    }
    this.undo?.addEventListener("click", () => this.putBack());
    box.addEventListener("input", () => showTotals(box));
    this.limit();
    showTotals(box);
  }

  /** Swaps the tick box of the page without JavaScript for a button. */
  prepare(row) {
    const button = row.querySelector("[data-remove-row]");
    if (!button) return;
    button.hidden = false;
    for (const tick of row.querySelectorAll("[data-without-script]")) tick.hidden = true;
    button.addEventListener("click", () => this.remove(row));
    if (row.querySelector("input[name$='-DELETE']")?.checked) row.hidden = true;
  }

  limit() {
    if (this.add) this.add.disabled = rowsIn(this.box).length >= this.most;
  }

  addRow() {
    const index = this.count ? Number(this.count.value) : this.box.querySelectorAll("[data-row]").length;
    const holder = document.createElement("template");
    holder.innerHTML = this.template.innerHTML.replaceAll("__prefix__", String(index));
    const row = holder.content.querySelector("[data-row]");
    this.body.append(holder.content);
    if (this.count) this.count.value = String(index + 1);
    this.prepare(row);
    this.limit();
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    changed(this.box);
  }

  remove(row) {
    const tick = row.querySelector("input[name$='-DELETE']");
    this.removed = { row, tick, values: [] };
    if (tick) {
      tick.checked = true;
    } else {
      for (const field of row.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        this.removed.values.push([field, field.value]);
        field.value = "";
      }
    }
    row.hidden = true;
    if (this.undo) {
      (this.undo.closest("[data-undo]") || this.undo).hidden = false;
      this.undo.focus();
    }
    this.limit();
    changed(this.box);
  }

  putBack() {
    if (!this.removed) return;
    const { row, tick, values } = this.removed;
    if (tick) tick.checked = false;
    for (const [field, value] of values) field.value = value;
    row.hidden = false;
    this.removed = null;
    (this.undo.closest("[data-undo]") || this.undo).hidden = true;
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    this.limit();
    changed(this.box);
  }
}

export function startRows(root) {
  if (typeof BigInt === "undefined") return;
  for (const box of root.querySelectorAll("[data-rows]")) new Rows(box);
}
