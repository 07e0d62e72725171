// Shows a part of a form only while a named field has one of the given values: data-when="field" data-in="a,b".
export default class Conditional {
  constructor(node) {
    this.node = node;
    this.form = node.closest("form");
    this.form.addEventListener("change", () => this.apply());
    this.apply();
  }

  apply() {
    const allowed = this.node.dataset.in.split(",");
    const shown = new FormData(this.form).getAll(this.node.dataset.when).some((value) => allowed.includes(value));
    this.node.hidden = !shown;
    for (const field of this.node.querySelectorAll("input, select, textarea")) field.disabled = !shown;
  }
}
