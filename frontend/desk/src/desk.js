import htmx from "htmx.org";
import { bind, toast } from "./bind.js";
import { components } from "./components.js";

htmx.config.includeIndicatorStyles = false; // no inline style, so that a strict policy may forbid it
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;

bind(components);
// A link to one entry of a dossier opens it.
if (location.hash) document.getElementById(location.hash.slice(1))?.querySelector("details")?.setAttribute("open", "");
document.addEventListener("htmx:load", (event) => bind(components, event.detail.elt.parentNode ?? document));
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.kind));
document.addEventListener("htmx:sendError", () => toast("网络不通，内容没有丢失，请稍后再试", "bad"));

// A menu that hangs over the page closes when one looks elsewhere, and by Escape.
const menus = () => document.querySelectorAll("details.who[open], details.more[open], details.begin[open]");
document.addEventListener("click", (event) => menus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") menus().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); }); });

// A slow network must not make one act into two: the button rests after the first press (the server also keeps the act's key).
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.defaultPrevented || button.name) return;
  setTimeout(() => { button.disabled = true; });
});
window.addEventListener("pageshow", () => document.querySelectorAll("button[disabled][data-once]").forEach((b) => { b.disabled = false; }));
