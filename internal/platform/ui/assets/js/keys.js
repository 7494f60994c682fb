// Single keys. Any element says its own: data-key="e" or, one after the other, data-key="g t".
// They are off while typing and wherever the reader switched them off (data-keys="off" on html).
const typing = (el) => el instanceof HTMLElement && (el.isContentEditable || el.matches("input:not([type=checkbox]):not([type=radio]), textarea, select"));
const shown = (el) => el.checkVisibility ? el.checkVisibility() : el.offsetParent !== null;
const rows = () => [...document.querySelectorAll("[data-row]")].filter(shown);
let before = "", timer = 0;

const walk = (step) => {
  const all = rows();
  if (!all.length) return;
  const here = document.activeElement?.closest("tr, .item, .kcard, li");
  const at = all.findIndex((a) => a === document.activeElement || (here && here.contains(a)));
  const to = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1);
  all[to].focus();
  all[to].scrollIntoView({ block: "nearest" });
};
const inRow = (selector) => document.activeElement?.closest("tr, .item, .kcard, li")?.querySelector(selector);

document.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
  if (document.documentElement.dataset.keys === "off" || typing(e.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const key = e.key === " " ? "space" : e.key.toLowerCase();
  const sequence = before ? before + " " + key : key;
  clearTimeout(timer);
  before = "";
  const all = [...document.querySelectorAll("[data-key]")];
  const target = all.find((el) => el.dataset.key === sequence && (shown(el) || sequence.includes(" ")));
  if (target) {
    e.preventDefault();
    if (typing(target)) { target.focus(); target.select?.(); } else target.click();
    return;
  }
  if (sequence === key && all.some((el) => el.dataset.key.startsWith(key + " "))) {
    before = key;
    timer = setTimeout(() => { before = ""; }, 1200);
    return;
  }
  if (key === "?") { e.preventDefault(); document.getElementById("keys")?.showModal(); }
  else if (key === "/") { e.preventDefault(); document.querySelector("[data-palette]")?.click(); }
  else if (key === "j") walk(1);
  else if (key === "k") walk(-1);
  else if (key === "x") inRow("input[type=checkbox]")?.click();
  else if (key === "e" && inRow("[data-edit]")) { e.preventDefault(); inRow("[data-edit]").click(); }
  else if (key === "space" && document.activeElement?.matches("[data-row]")) {
    const peek = inRow("[data-peek]");
    if (peek) { e.preventDefault(); peek.click(); }
  }
});
