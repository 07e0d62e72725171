// A button that prints the page.
export default class Print {
  constructor(node) {
    node.addEventListener("click", () => print());
  }
}
