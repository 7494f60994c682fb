// Forms: Ctrl+Enter sends, a sent button says so and keeps its width, unsaved words are not lost by leaving,
// and after a refusal the focus goes to the summary or to the first wrong field.
const busy = new Set();
const dirty = new WeakSet();

const work = (button) => {
  if (!button || button.ariaBusy === "true") return;
  button.style.minInlineSize = button.getBoundingClientRect().width + "px";
  button.setAttribute("aria-busy", "true");
  const words = button.dataset.busy && [...button.childNodes].findLast((n) => n.nodeType === 3 && n.data.trim());
  busy.add([button, words, words?.data]);
  if (words) words.data = button.dataset.busy;
};
const rest = () => {
  for (const [button, words, text] of busy) {
    button.removeAttribute("aria-busy");
    button.style.minInlineSize = "";
    if (words) words.data = text;
  }
  busy.clear();
};

document.addEventListener("submit", (e) => {
  const form = e.target;
  if (e.defaultPrevented || form.method === "dialog" || form.hasAttribute("data-theme-form")) return;
  if (e.submitter?.ariaBusy === "true") { e.preventDefault(); return; } // a second press sends nothing
  dirty.delete(form);
  if (form.method === "post") setTimeout(work, 0, e.submitter); // after the browser has read the form
});
addEventListener("pageshow", rest);
for (const name of ["htmx:finally:request", "htmx:afterRequest"]) document.addEventListener(name, rest);

document.addEventListener("keydown", (e) => {
  if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey)) return;
  const form = e.target.closest?.("form");
  if (!form || form.method === "dialog") return;
  e.preventDefault();
  form.requestSubmit(form.querySelector(".btn.primary:not(:disabled)") || undefined);
});

document.addEventListener("input", (e) => { if (e.target.form?.hasAttribute("data-guard")) dirty.add(e.target.form); });
addEventListener("beforeunload", (e) => {
  if ([...document.querySelectorAll("form[data-guard]")].some((form) => dirty.has(form))) e.preventDefault();
});

const mend = (root) => {
  const summary = root.querySelector?.("[data-summary]");
  (summary || root.querySelector?.("[aria-invalid=true]"))?.focus();
};
mend(document);
for (const name of ["htmx:after:swap", "htmx:afterSwap"]) {
  document.addEventListener(name, (e) => { if (e.target instanceof Element) mend(e.target); });
}
