// The theme form works without script; here the page changes at once and the answer is not awaited.
document.addEventListener("submit", (e) => {
  const form = e.target.closest("[data-theme-form]");
  if (!form) return;
  e.preventDefault();
  const root = document.documentElement;
  const shown = root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const theme = shown === "dark" ? "light" : "dark";
  root.dataset.theme = theme;
  const body = new URLSearchParams(new FormData(form));
  body.set("theme", theme);
  // keepalive: the choice is kept even when the next page is asked for at once
  fetch(form.getAttribute("action"), { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => {});
});
