// Search and choose (an item, a person): a text field that asks the server, a list to choose from, a hidden field with the key.
const WAIT = 200;

export default class Picker {
  constructor(node) {
    this.node = node;
    this.text = node.querySelector("input[type=search]");
    this.key = node.querySelector("input[type=hidden]");
    this.list = node.querySelector("[role=listbox]");
    this.active = -1;
    this.text.addEventListener("input", () => { this.key.value = ""; clearTimeout(this.timer); this.timer = setTimeout(() => this.ask(), WAIT); });
    this.text.addEventListener("focus", () => { if (!this.key.value) this.ask(); });
    this.text.addEventListener("keydown", (event) => this.press(event));
    this.text.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  async ask() {
    const address = new URL(this.node.dataset.url, location.href);
    address.searchParams.set("q", this.text.value);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    this.show((await answer.json()).items);
  }

  show(items) {
    this.list.replaceChildren(...items.map((item, n) => {
      const line = document.createElement("li");
      line.role = "option";
      line.id = `${this.list.id}-${n}`;
      line.dataset.key = item.key;
      line.textContent = item.label;
      if (item.note) { const note = document.createElement("small"); note.textContent = ` ${item.note}`; line.append(note); }
      line.addEventListener("mousedown", (event) => { event.preventDefault(); this.choose(line, item.label); });
      return line;
    }));
    this.list.hidden = items.length === 0;
    this.text.setAttribute("aria-expanded", String(items.length > 0));
    this.mark(-1);
  }

  press(event) {
    const count = this.list.children.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (count) this.mark((this.active + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
    } else if (event.key === "Enter" && this.active >= 0 && !this.list.hidden) {
      event.preventDefault();
      const line = this.list.children[this.active];
      this.choose(line, line.firstChild.textContent);
    } else if (event.key === "Escape") this.close();
  }

  mark(n) {
    this.active = n;
    [...this.list.children].forEach((line, i) => line.setAttribute("aria-selected", String(i === n)));
    if (n >= 0) { this.text.setAttribute("aria-activedescendant", this.list.children[n].id); this.list.children[n].scrollIntoView({ block: "nearest" }); }
    else this.text.removeAttribute("aria-activedescendant");
  }

  choose(line, label) {
    this.key.value = line.dataset.key;
    this.text.value = label;
    this.close();
    this.key.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    this.list.hidden = true;
    this.text.setAttribute("aria-expanded", "false");
  }
}
