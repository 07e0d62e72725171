// Keeps a half-filled form: two quiet seconds after the last change it is posted to the draft address, and says when it was kept.
import htmx from "htmx.org";

const QUIET = 2000;

export default class Draft {
  constructor(form) {
    this.form = form;
    this.mark = form.querySelector("[data-saved]");
    this.timer = 0;
    form.addEventListener("input", () => this.later());
    form.addEventListener("change", () => this.later());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), QUIET);
  }

  async keep() {
    const values = {};
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value !== "string" || name === "csrfmiddlewaretoken") continue;
      values[name] = name in values ? [].concat(values[name], value) : value;
    }
    try {
      await htmx.ajax("post", this.form.dataset.draft, { source: this.form, values, swap: "none" });
      this.say(`草稿已于 ${new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" })} 保存`);
    } catch {
      this.say("草稿暂未保存，网络恢复后会再试");
      this.later();
    }
  }

  say(text) {
    if (this.mark) this.mark.textContent = text;
  }
}
