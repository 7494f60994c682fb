// Choosing rows: all of them, how many, and the bar that acts on them.
const boxes = (scope) => [...scope.querySelectorAll("[data-row-check]")];
const scopeOf = (el) => el.closest("form") || el.closest("main") || document;
const rules = new Intl.PluralRules(document.documentElement.lang || "en");

const count = (scope) => {
  const all = boxes(scope), n = all.filter((b) => b.checked).length;
  for (const head of scope.querySelectorAll("[data-all]")) {
    head.checked = n > 0 && n === all.length;
    head.indeterminate = n > 0 && n < all.length;
  }
  for (const bar of scope.querySelectorAll("[data-selection]")) {
    bar.hidden = n === 0;
    const words = bar.querySelector("[data-one]");
    words.textContent = (rules.select(n) === "one" ? words.dataset.one : words.dataset.many).replace(/\d+/, n);
  }
};
const countAll = () => { for (const scope of new Set([...document.querySelectorAll("[data-selection], [data-all]")].map(scopeOf))) count(scope); };

document.addEventListener("change", (e) => {
  if (e.target.matches("[data-all]")) for (const box of boxes(scopeOf(e.target))) box.checked = e.target.checked;
  if (e.target.matches("[data-all], [data-row-check]")) count(scopeOf(e.target));
});
document.addEventListener("reset", () => setTimeout(countAll, 0));
for (const name of ["htmx:after:swap", "htmx:afterSwap"]) document.addEventListener(name, countAll);
addEventListener("pageshow", countAll);
countAll();

// A row edited in its place: a double click begins, Enter saves, Escape leaves it as it was. The first field gets the focus,
// and the row keeps it when the form is gone.
document.addEventListener("dblclick", (e) => {
  const row = e.target.closest("tr[data-dblclick]");
  if (row && !e.target.closest("a, button, input")) row.querySelector(row.dataset.dblclick)?.click();
});
document.addEventListener("keydown", (e) => {
  const row = e.target.closest?.("tr[data-editing]");
  if (!row || e.isComposing || (e.key !== "Enter" && e.key !== "Escape") || e.target.matches("button")) return;
  e.preventDefault();
  row.querySelector(e.key === "Enter" ? "[data-save]" : "[data-cancel]")?.click();
});
let edited = "";
document.addEventListener("click", (e) => { edited = e.target.closest("[data-edit], [data-save], [data-cancel]")?.closest("tr")?.id || edited; });
for (const name of ["htmx:after:swap", "htmx:afterSwap"]) document.addEventListener(name, () => {
  const row = edited && document.getElementById(edited);
  if (row && !row.contains(document.activeElement)) (row.querySelector("[aria-invalid=true], .input") || row.querySelector("[data-row]"))?.focus();
  if (row && !row.matches("[data-editing]")) edited = "";
});
