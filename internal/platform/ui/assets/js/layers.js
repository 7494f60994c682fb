// Popovers and dialogs are the platform's. This adds what an older browser lacks, links that open a dialog
// (their page is the way without script), the side panel, and the offline notice.
const open = (dialog) => { if (dialog && !dialog.open) dialog.showModal(); };
const anchors = CSS.supports("position-area: end");
const popovers = "popover" in HTMLElement.prototype;
const commands = "commandForElement" in HTMLButtonElement.prototype;

document.addEventListener("click", (e) => {
  const link = e.target.closest("a[data-dialog]");
  if (link && !e.ctrlKey && !e.metaKey && !e.shiftKey) {
    const dialog = document.getElementById(link.dataset.dialog);
    if (dialog) { e.preventDefault(); open(dialog); }
    return;
  }
  const button = e.target.closest("button[commandfor]");
  if (button && !commands) {
    const dialog = document.getElementById(button.getAttribute("commandfor"));
    if (button.getAttribute("command") === "show-modal") open(dialog); else dialog?.close();
  }
  const toggle = e.target.closest("[popovertarget]");
  if (toggle && !popovers) {
    document.getElementById(toggle.getAttribute("popovertarget"))?.classList.toggle("is-open");
  }
  const peek = e.target.closest("a[data-peek]");
  const panel = document.getElementById("peek");
  if (peek && panel?.showPopover && window.htmx) {
    e.preventDefault();
    panel.replaceChildren();
    panel.showPopover({ source: peek });
  }
});

// a click on the veil closes a dialog, as light dismiss does for popovers
document.addEventListener("pointerdown", (e) => {
  if (e.target instanceof HTMLDialogElement && e.target.open) {
    const r = e.target.getBoundingClientRect();
    if (e.clientX < r.left || e.clientX > r.right || e.clientY < r.top || e.clientY > r.bottom) e.target.close();
  }
});

if (!anchors && popovers) {
  document.addEventListener("toggle", (e) => {
    const menu = e.target;
    if (!menu.matches?.(".menu[popover]") || e.newState !== "open") return;
    const from = [...document.querySelectorAll(`[popovertarget="${menu.id}"]`)].find((b) => b.offsetParent);
    if (!from) return;
    const a = from.getBoundingClientRect(), m = menu.getBoundingClientRect();
    const left = menu.classList.contains("start") ? a.left : a.right - m.width;
    const below = a.bottom + 4 + m.height <= innerHeight;
    menu.style.left = Math.max(8, Math.min(left, innerWidth - m.width - 8)) + "px";
    menu.style.top = (below ? a.bottom + 4 : Math.max(8, a.top - m.height - 4)) + "px";
  }, true);
}

// A strip of tabs that is wider than the phone begins where one is.
for (const on of document.querySelectorAll(".tabs [aria-current]")) {
  const strip = on.closest(".tabs"), a = on.getBoundingClientRect(), b = strip.getBoundingClientRect();
  if (a.right > b.right) strip.scrollLeft += a.left - b.left - (b.width - a.width) / 2;
}

const network = () => {
  for (const notice of document.querySelectorAll("[data-offline]")) notice.hidden = navigator.onLine;
};
addEventListener("online", network);
addEventListener("offline", network);
network();
