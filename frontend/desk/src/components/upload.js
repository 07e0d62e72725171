// Photos, sound and pictures in motion, sent in pieces (tus 1.0): a broken connection goes on where it stopped, also after a reload.
import { Upload as Tus } from "tus-js-client";

const size = (bytes) => (bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`);

// A refusal is a problem (RFC 9457); its detail is written for the officer.
const reason = (answer) => {
  try {
    return JSON.parse(answer).detail;
  } catch {
    return undefined;
  }
};

export default class Upload {
  constructor(node) {
    this.node = node;
    this.list = node.querySelector(".uploads");
    this.name = node.dataset.name;
    for (const input of node.querySelectorAll("input[type=file]")) {
      const take = () => {
        for (const file of input.files) this.send(file);
        input.value = "";
      };
      input.addEventListener("change", take);
      take(); // on a slow line a file may have been chosen before this script came
    }
    this.guard = (event) => { if (this.node.querySelector("progress")) event.preventDefault(); };
    window.addEventListener("beforeunload", this.guard);
  }

  send(file) {
    const line = document.createElement("li");
    const title = document.createElement("span");
    title.textContent = `${file.name}（${size(file.size)}）`;
    const state = document.createElement("span");
    state.setAttribute("role", "status");
    const bar = document.createElement("progress");
    bar.max = file.size;
    bar.value = 0;
    bar.setAttribute("aria-label", `${file.name} 上传进度`);
    line.append(title, state, bar);
    this.list.append(line);
    const limit = Number(this.node.dataset.limit || 0);
    if (limit && file.size > limit) {
      bar.remove();
      state.textContent = `超过 ${size(limit)}，没有上传`;
      return;
    }
    let evidence = "";
    const upload = new Tus(file, {
      endpoint: this.node.dataset.endpoint,
      chunkSize: 4 * 1024 * 1024,
      retryDelays: [0, 1000, 3000, 5000, 10000, 20000],
      headers: { "X-CSRFToken": this.node.dataset.token ?? "" },
      metadata: { filename: file.name, filetype: file.type, dossier: this.node.dataset.dossier ?? "", taken: new Date(file.lastModified).toISOString() },
      removeFingerprintOnSuccess: true,
      onProgress: (sent, total) => { bar.value = sent; state.textContent = `${Math.floor((sent / total) * 100)}%`; },
      onAfterResponse: (_request, response) => { evidence = response.getHeader("Yifa-Evidence") ?? evidence; },
      onSuccess: () => this.done(line, bar, state, evidence),
      onError: (error) => this.failed(line, bar, state, upload, error),
    });
    upload.findPreviousUploads().then((found) => {
      if (found.length) upload.resumeFromPreviousUpload(found[0]);
      upload.start();
    });
  }

  /** The answer to the last byte names the piece of evidence; the step's form carries that name. */
  done(line, bar, state, evidence) {
    bar.remove();
    state.textContent = "✓ 已上传";
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = this.name;
    field.value = evidence;
    line.append(field);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  failed(line, bar, state, upload, error) {
    state.textContent = reason(error.originalResponse?.getBody?.()) ?? "没有传完，已保留进度";
    const again = document.createElement("button");
    again.type = "button";
    again.className = "btn btn-quiet btn-small";
    again.textContent = "接着传";
    again.addEventListener("click", () => { again.remove(); upload.start(); });
    line.append(again);
    bar.value = bar.value ?? 0;
  }
}
