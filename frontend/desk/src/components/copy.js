// A button that copies the text of `data-from`; where the clipboard is closed to us, it selects the text instead.
export default class Copy {
  constructor(node) {
    node.addEventListener("click", async () => {
      const source = document.querySelector(node.dataset.from);
      try {
        await navigator.clipboard.writeText(source.textContent.trim());
        node.textContent = "已复制";
      } catch {
        getSelection().selectAllChildren(source);
        node.textContent = "已选中，请长按复制";
      }
    });
  }
}
