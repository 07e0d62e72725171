// `data-component="Name"` binds one small class to one node, once; after htmx swaps something in, again for what is new.
export function bind(components, root = document) {
  for (const node of root.querySelectorAll("[data-component]")) {
    const load = components[node.dataset.component];
    if (!load || node.dataset.bound) continue;
    node.dataset.bound = "1";
    load().then(({ default: Component }) => new Component(node));
  }
}

export function toast(text, kind = "good") {
  const box = document.getElementById("toasts");
  if (!box) return;
  const line = document.createElement("div");
  line.className = "toast-line";
  line.dataset.kind = kind;
  line.textContent = text;
  box.append(line);
  setTimeout(() => line.remove(), 6000);
}
