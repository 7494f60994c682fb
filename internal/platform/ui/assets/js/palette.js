// The command palette: a combobox over a list that the server writes. Without script its links lead to /find.
const palette = document.getElementById("palette");
if (palette) {
  const input = palette.querySelector("input");
  const list = document.getElementById("pal-res");
  const status = palette.querySelector("[role=status]");
  let asked = null, timer = 0, run = null;

  const options = () => [...list.querySelectorAll("[role=option]")];
  const select = (option) => {
    for (const o of options()) o.setAttribute("aria-selected", o === option);
    if (!option) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const selected = () => list.querySelector("[aria-selected=true]");

  const ask = async () => {
    const q = input.value.trim();
    if (q === asked) return;
    asked = q;
    run?.abort();
    run = new AbortController();
    status.textContent = "";
    try {
      const answer = await fetch(palette.dataset.src + "?q=" + encodeURIComponent(q), { headers: { "HX-Request": "true" }, signal: run.signal });
      if (!answer.ok) throw new Error(answer.status);
      list.innerHTML = await answer.text(); // written by our own server, and inert under the content security policy
      select(options()[0]);
    } catch (err) {
      if (err.name === "AbortError") return;
      asked = null;
      status.textContent = status.dataset.failed;
      const p = document.createElement("p");
      p.className = "cap";
      p.textContent = status.dataset.failed;
      list.replaceChildren(p);
    }
  };
  const show = () => {
    if (!palette.open) palette.showModal();
    input.select();
    ask();
  };

  document.addEventListener("click", (e) => {
    if (e.ctrlKey || e.metaKey || e.shiftKey || !e.target.closest("[data-palette]")) return;
    e.preventDefault();
    show();
  });
  document.addEventListener("keydown", (e) => {
    if ((e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === "k") { e.preventDefault(); show(); }
  });
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("keydown", (e) => {
    const all = options(), at = all.indexOf(selected());
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      if (all.length) select(all[(at + (e.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
    } else if (e.key === "Home" && e.ctrlKey) { e.preventDefault(); select(all[0]);
    } else if (e.key === "End" && e.ctrlKey) { e.preventDefault(); select(all.at(-1));
    } else if (e.key === "Enter") {
      e.preventDefault();
      const to = selected()?.href;
      if (!to) return;
      if (e.ctrlKey || e.metaKey) { window.open(to, "_blank", "noopener"); return; }
      palette.close();
      location.assign(to);
    }
  });
  list.addEventListener("pointermove", (e) => {
    const option = e.target.closest("[role=option]");
    if (option && option !== selected()) select(option);
  });
}
