// A long table on a phone: its first rows, and the rest at a touch. Without script, on a wide screen and on paper all of it stands there.
export default class More {
  constructor(node) {
    const rows = [...node.querySelectorAll("tbody > tr")];
    const first = Number(node.dataset.first ?? 8);
    // Two or three more are shown at once: a button would take their room.
    if (!matchMedia("(max-width: 47.99rem)").matches || rows.length <= first + 3) return;
    this.rest = rows.slice(first);
    if (this.rest.some((row) => location.hash && row.querySelector(`[id="${location.hash.slice(1)}"]`))) return;
    for (const row of this.rest) row.hidden = true;
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "btn btn-quiet more-rows";
    this.button.textContent = `再看 ${this.rest.length} 条`;
    this.button.addEventListener("click", () => { this.open(); this.rest[0].querySelector("a, button, input")?.focus(); });
    node.after(this.button);
    addEventListener("beforeprint", () => this.open());
  }

  open() {
    for (const row of this.rest) row.hidden = false;
    this.button.remove();
  }
}
