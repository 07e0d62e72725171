import { bind } from "../bind.js";
import { components } from "../components.js";

// A question asked as often as there is something to say: rows are added from the template and taken away; names keep their own numbers.
export default class Rows {
  constructor(node) {
    this.node = node;
    this.template = node.querySelector(":scope > template");
    this.next = node.querySelectorAll(":scope > .answer-row").length;
    node.querySelector(":scope > .row-actions [data-add]").addEventListener("click", () => this.add());
    node.addEventListener("click", (event) => {
      const row = event.target.closest("[data-remove]")?.closest(".answer-row");
      if (row) this.remove(row);
    });
  }

  add() {
    const holder = document.createElement("div");
    holder.innerHTML = this.template.innerHTML.replaceAll(".#.", `.${this.next}.`);
    this.next += 1;
    const row = holder.firstElementChild;
    const rows = this.node.querySelectorAll(":scope > .answer-row");
    rows.length ? rows[rows.length - 1].after(row) : this.node.querySelector(":scope > legend").after(row);
    bind(components, row);
    this.number();
    row.querySelector("input, select, textarea")?.focus();
  }

  remove(row) {
    const near = row.nextElementSibling?.matches(".answer-row") ? row.nextElementSibling : row.previousElementSibling;
    row.remove();
    this.number();
    (near?.querySelector("input, select, textarea") ?? this.node.querySelector("[data-add]")).focus();
    // What depends on the answers (drafts, conditions) hears of it as of any other change.
    this.node.dispatchEvent(new Event("input", { bubbles: true }));
  }

  number() {
    this.node.querySelectorAll(":scope > .answer-row [data-number]").forEach((place, n) => (place.textContent = n + 1));
  }
}
