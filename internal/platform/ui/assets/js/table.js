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
