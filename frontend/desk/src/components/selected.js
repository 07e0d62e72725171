// What is selected within the node stands in the field `data-into`, to be sent or written over.
export default class Selected {
  constructor(node) {
    const field = document.querySelector(node.dataset.into);
    document.addEventListener("selectionchange", () => {
      const chosen = getSelection();
      if (!chosen.isCollapsed && node.contains(chosen.anchorNode) && node.contains(chosen.focusNode)) field.value = chosen.toString().trim();
    });
  }
}
