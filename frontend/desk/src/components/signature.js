// A drawn signature: the strokes (points, pressure, time) go into a hidden field as JSON; the server draws the picture from them.
import SignaturePad from "signature_pad";

export default class Signature {
  constructor(node) {
    this.canvas = node.querySelector("canvas");
    this.field = node.querySelector("input[type=hidden]");
    this.pad = new SignaturePad(this.canvas, { penColor: "#111", minWidth: 0.8, maxWidth: 2.6 });
    this.pad.addEventListener("endStroke", () => this.write());
    node.querySelector("[data-clear]").addEventListener("click", () => { this.pad.clear(); this.write(); });
    new ResizeObserver(() => this.fit()).observe(this.canvas);
    if (this.field.value) this.restore();
  }

  // The canvas has the screen's own pixels, or the line is a blur; drawn strokes survive turning the phone.
  fit() {
    const ratio = Math.max(devicePixelRatio || 1, 1);
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (this.canvas.width === width * ratio && this.canvas.height === height * ratio) return;
    const strokes = this.pad.toData();
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.canvas.getContext("2d").scale(ratio, ratio);
    this.pad.clear();
    this.pad.fromData(strokes);
  }

  restore() {
    const { strokes } = JSON.parse(this.field.value);
    this.fit();
    this.pad.fromData(strokes.map((points) => ({ points: points.map(([x, y, pressure, time]) => ({ x, y, pressure, time })) })));
  }

  write() {
    const strokes = this.pad.toData().map(({ points }) => points.map((p) => [Math.round(p.x), Math.round(p.y), Math.round((p.pressure ?? 0) * 100) / 100, p.time]));
    this.field.value = strokes.length ? JSON.stringify({ width: this.canvas.clientWidth, height: this.canvas.clientHeight, strokes }) : "";
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
