// A toast leaves by itself, later when it can be undone, and never while it is read or reached.
const box = document.getElementById("toasts");
const wait = (toast) => {
  let timer = 0;
  const start = () => { timer = setTimeout(() => toast.remove(), toast.querySelector("form") ? 10000 : 6000); };
  const stop = () => clearTimeout(timer);
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, () => { stop(); start(); });
  start();
};
if (box) {
  for (const toast of box.querySelectorAll("[data-toast]")) wait(toast);
  new MutationObserver((changes) => {
    for (const change of changes) for (const node of change.addedNodes) if (node.matches?.("[data-toast]")) wait(node);
  }).observe(box, { childList: true });
}
document.addEventListener("click", (e) => { e.target.closest("[data-toast-close]")?.closest(".toast")?.remove(); });
