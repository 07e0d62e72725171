// The page around the verifier: a file goes in, plain words come out. Nothing leaves this machine.
import { readKeys, verifyReceipt } from "./receipt.js";

export { verifyReceipt };

const element = (tag, props = {}, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};
const moment = (iso) => new Date(iso).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", hour12: false });
const SIDE = { shown: "内容已附并相符", withheld: "内容未提供", erased: "内容已依法清除", none: "无" };

class Page {
  constructor() {
    this.drop = document.getElementById("drop");
    this.file = document.getElementById("receipt");
    this.key = document.getElementById("key");
    this.result = document.getElementById("result");
    this.built = JSON.parse(document.getElementById("built-in-keys").textContent);
    this.titles = JSON.parse(document.getElementById("step-titles").textContent);
    this.file.addEventListener("change", () => this.read(this.file.files[0]));
    this.key.addEventListener("change", () => this.last && this.read(this.last));
    for (const name of ["dragenter", "dragover"]) this.drop.addEventListener(name, (event) => { event.preventDefault(); this.drop.dataset.over = ""; });
    for (const name of ["dragleave", "drop"]) this.drop.addEventListener(name, (event) => { event.preventDefault(); delete this.drop.dataset.over; });
    this.drop.addEventListener("drop", (event) => this.read(event.dataTransfer.files[0]));
    document.getElementById("save")?.addEventListener("click", () => this.save());
  }

  keys() {
    const text = [...this.built, this.key.value.trim()].filter(Boolean).join("\n");
    return text || null;
  }

  async read(file) {
    if (!file) return;
    this.last = file;
    const bytes = new Uint8Array(await file.arrayBuffer());
    try {
      this.show(file.name, await verifyReceipt(bytes, this.keys()));
    } catch (error) {
      this.show(file.name, { valid: false, reason: `本浏览器不能完成核验（${error.message}），请换一个较新的浏览器`, checks: [], notes: [], steps: [] });
    }
  }

  show(name, verdict) {
    const pasted = this.key.value.trim();
    const box = element("section", { className: `answer ${verdict.valid ? "" : "answer-bad"}` });
    box.setAttribute("role", "status");
    const unknown = verdict.code === "signer";
    const title = verdict.valid ? "✓ 记录属实，未被改动" : unknown ? "✗ 签名者未知，不能认定属实" : "✗ 未通过核验";
    box.append(element("header", {}, title, element("small", { textContent: verdict.valid ? verdict.chain : verdict.reason })));
    const inside = element("div", { className: "inside" });
    const checks = element("ul", { className: "checks" }, ...verdict.checks.map((one) => element("li", { textContent: one.text })));
    if (!verdict.valid) checks.append(element("li", { className: "bad", textContent: verdict.reason }));
    inside.append(element("h2", { textContent: "逐项核验" }), checks);
    if (verdict.valid) {
      inside.append(element("p", { textContent: pasted && !this.built.some((key) => verdict.signer.includes(key)) ? "签名公钥是您自己粘贴的：请确认它来自可信的地方。" : "签名公钥是本页内置的公钥。" }));
      inside.append(element("p", { textContent: `截至 ${moment(verdict.head_at)}，这份凭据就是该案卷的全部 ${verdict.steps.length} 条记录。` }));
      const rows = verdict.steps.map((step) => element("tr", {},
        ...[["第几条", step.seq], ["步骤", this.titles[step.procedure]?.[step.step] ?? step.step], ["发生于", moment(step.happened_at)], ["存入于", moment(step.recorded_at) + (step.late ? "（补录）" : "")], ["正卷", SIDE[step.open]], ["摘要", step.hash.slice(0, 16)]]
          .map(([label, value]) => { const cell = element("td", { textContent: value }); cell.dataset.label = label; return cell; })));
      const head = element("tr", {}, ...["第几条", "步骤", "发生于", "存入于", "正卷", "摘要"].map((label) => element("th", { textContent: label, scope: "col" })));
      inside.append(element("div", { className: "scroll" }, element("table", { className: "list stack" }, element("thead", {}, head), element("tbody", {}, ...rows))));
    }
    if (verdict.notes.length) inside.append(element("h2", { textContent: "说明" }), element("ul", {}, ...verdict.notes.map((note) => element("li", { textContent: note }))));
    inside.append(element("p", { className: "small muted", textContent: `文件：${name}` }));
    box.append(inside);
    this.result.replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
  }

  /** The page itself as a file: later, or on a machine without network, it does the same. */
  save() {
    const copy = document.documentElement.cloneNode(true);
    copy.querySelector("#result").replaceChildren();
    const blob = new Blob([`<!doctype html>\n${copy.outerHTML}`], { type: "text/html" });
    const link = element("a", { href: URL.createObjectURL(blob), download: "核验.html" });
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

if (typeof document !== "undefined") {
  const page = new Page();
  page.key.addEventListener("input", () => {
    try {
      if (page.key.value.trim()) readKeys(page.key.value);
      page.key.setCustomValidity("");
    } catch {
      page.key.setCustomValidity("公钥不是“名称+编号+公钥”的格式");
    }
  });
}
