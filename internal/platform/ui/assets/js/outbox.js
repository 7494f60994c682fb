// Forms marked data-outbox are kept on this device before they are sent, and leave it when the server has them. Each entry belongs to
// who wrote it and carries a key (once): the server takes it once, however often it comes. Nobody else's entries are shown or sent.
const bar = document.querySelector("[data-outbox-bar]");
if (bar && window.indexedDB) {
  const plural = new Intl.PluralRules(document.documentElement.lang || "en");
  const say = (el, n, prefix = "") => (plural.select(n) === "one" ? el.dataset[prefix + (prefix ? "One" : "one")] : el.dataset[prefix + (prefix ? "Many" : "many")]).replace(/\d+/, n);

  let base;
  const open = () => (base ??= new Promise((done, fail) => {
    const asked = indexedDB.open("unisson", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("outbox", { keyPath: "once" }).createIndex("me", "me");
      asked.result.createObjectStore("reader");
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  }));
  const act = async (store, mode, fn) => {
    const db = await open();
    return new Promise((done, fail) => {
      const t = db.transaction(store, mode, { durability: "strict" });
      const asked = fn(t.objectStore(store));
      t.oncomplete = () => done(asked?.result);
      t.onerror = t.onabort = () => fail(t.error);
    });
  };
  const put = (entry) => act("outbox", "readwrite", (s) => s.put(entry));
  const drop = (once) => act("outbox", "readwrite", (s) => s.delete(once));
  const mine = async () => (me ? act("outbox", "readonly", (s) => s.index("me").getAll(me)) : []);

  // who reads: a page says it; the empty form, kept for the time without network, takes who was last
  let me = bar.dataset.me || "";
  const ready = me ? act("reader", "readwrite", (s) => s.put(me, "me")) : act("reader", "readonly", (s) => s.get("me")).then((id) => { me = id || ""; });

  const key = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

  const show = async () => {
    const all = await mine(), waiting = all.filter((e) => !e.why), refused = all.filter((e) => e.why);
    bar.hidden = all.length === 0;
    bar.querySelector("[data-outbox-waiting]").hidden = waiting.length === 0;
    const words = bar.querySelector("[data-outbox-count]");
    const text = waiting.length ? say(words, waiting.length) : "";
    if (words.textContent !== text) words.textContent = text;
    bar.querySelector("[data-outbox-refused]").replaceChildren(...refused.map((entry) => {
      const row = bar.querySelector("[data-outbox-row]").content.cloneNode(true);
      row.querySelector("[data-outbox-why]").textContent = entry.why;
      row.querySelector("[data-outbox-text]").textContent = new URLSearchParams(entry.fields).get("text") || "";
      row.querySelector("[data-outbox-mend]").href = entry.page + "#outbox=" + encodeURIComponent(entry.once);
      row.querySelector("[data-outbox-discard]").addEventListener("click", async () => { await drop(entry.once); show(); });
      return row;
    }));
    return all.length;
  };

  // send answers what became of an entry: sent (and where it leads), refused (and why), or nothing: it stays.
  const send = async (entry, background) => {
    const body = new URLSearchParams(entry.fields);
    body.set("as", entry.me);
    body.set("typed", entry.at);
    if (background) body.set("sent", "on");
    let answer;
    try {
      answer = await fetch(entry.to, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "error", signal: AbortSignal.timeout(10000) });
    } catch { return {}; }
    if (answer.ok) {
      const done = await answer.json().catch(() => null);
      return done?.to ? { sent: true, to: done.to } : {}; // an answer that is not ours: a portal of the network
    }
    if (![400, 404, 409, 413, 422].includes(answer.status)) return {}; // signed out, busy or broken: later
    const problem = await answer.json().catch(() => null);
    if (!problem?.code) return {};
    return { why: problem.errors?.length ? problem.errors.map((e) => e.message).join(" ") : problem.detail || bar.dataset.unknown };
  };

  const toast = (text) => {
    const box = document.getElementById("toasts"), el = document.createElement("div");
    el.className = "toast";
    el.dataset.toast = "";
    el.append(Object.assign(document.createElement("span"), { textContent: text }));
    box?.append(el);
  };

  let timer = 0, tries = 0;
  const flush = async () => {
    clearTimeout(timer);
    await ready;
    let sent = 0, stuck = false;
    for (const entry of (await mine()).filter((e) => !e.why).sort((a, b) => a.at.localeCompare(b.at))) {
      const done = await send(entry, true);
      if (done.sent) { await drop(entry.once); sent++; } else if (done.why) await put({ ...entry, why: done.why });
      else { stuck = true; break; }
    }
    tries = stuck ? tries + 1 : 0;
    if (stuck) timer = setTimeout(run, Math.min(300000, 4000 * 2 ** Math.min(tries, 8)));
    await show();
    if (sent) toast(say(bar, sent, "sent"));
  };
  // one page at a time; the others find nothing left
  const run = () => (navigator.locks ? navigator.locks.request("unisson-outbox", { ifAvailable: true }, (lock) => (lock ? flush() : show())) : flush());

  document.addEventListener("submit", async (e) => {
    const form = e.target;
    if (!form.matches("[data-outbox]") || e.defaultPrevented) return;
    e.preventDefault();
    if (form.dataset.sending) return; // a second press sends nothing
    form.dataset.sending = "on";
    try {
      await ready;
      const data = new FormData(form);
      if (!data.get("once")) data.set("once", key());
      data.delete("as");
      const entry = { once: data.get("once"), me, to: form.getAttribute("action"), page: form.dataset.page || location.pathname + location.search,
        at: new Date().toISOString(), fields: [...data].filter(([, v]) => typeof v === "string" && v !== "") };
      if (!me) throw new Error("nobody"); // the browser sends it the plain way
      await put(entry);
      const done = navigator.onLine ? await send(entry, false) : {};
      if (done.sent) {
        await drop(entry.once);
        location.assign(done.to);
        return;
      }
      if (done.why) { // the server shows the form again, with what was typed
        await drop(entry.once);
        form.submit();
        return;
      }
      form.reset();
      for (const input of form.querySelectorAll("[name=once]")) input.value = key();
      await show();
      bar.scrollIntoView({ block: "nearest" });
      tries = 0;
      timer = setTimeout(run, 4000);
    } catch {
      form.submit();
    } finally { delete form.dataset.sending; }
  });

  // an entry that was refused comes back into its form
  const mend = async () => {
    const form = document.querySelector("form[data-outbox]"), once = decodeURIComponent(location.hash.split("outbox=")[1] || "");
    const entry = once && form && (await mine()).find((e) => e.once === once);
    if (!entry) return;
    const data = new URLSearchParams(entry.fields);
    for (const el of form.elements) {
      if (!el.name || el.name === "as") continue;
      if (el.type === "radio" || el.type === "checkbox") el.checked = data.getAll(el.name).includes(el.value);
      else if (data.has(el.name)) el.value = data.get(el.name);
    }
    form.querySelector("[name=once]").value = once;
  };
  // the empty form learns from its address whom it is about; the name stands behind #, which is never sent
  const address = () => {
    const form = document.querySelector("form[data-outbox]");
    if (bar.hasAttribute("data-worker") || !form) return;
    const asked = new URLSearchParams(location.search);
    for (const name of ["contact", "account"]) if (asked.get(name)) form.elements[name].value = asked.get(name);
    for (const el of form.querySelectorAll("[name=kind]")) if (asked.get("kind")) el.checked = el.value === asked.get("kind");
    const line = document.querySelector("[data-outbox-with]"), who = document.getElementById("f-who");
    if (!asked.get("contact") && !asked.get("account")) return;
    const name = decodeURIComponent(location.hash.slice(1));
    if (line) { line.append(" " + name); line.hidden = !name; }
    if (who) { who.closest(".field").hidden = true; document.getElementById("f-text")?.focus(); }
  };

  // Signing out tells what was not sent, and leaves nothing behind.
  const wipe = async () => {
    for (const entry of await mine()) await drop(entry.once);
    await act("reader", "readwrite", (s) => s.delete("me"));
    for (const name of (await globalThis.caches?.keys()) ?? []) if (name.startsWith("unisson-log-")) await caches.delete(name);
  };
  let leaving = null;
  document.addEventListener("submit", async (e) => {
    if (e.target.getAttribute("action") !== "/sign-out" || e.defaultPrevented) return;
    e.preventDefault();
    leaving = e.target;
    const left = (await mine()).length, dialog = document.getElementById("outbox-leave");
    if (left === 0) { await wipe().catch(() => {}); leaving.submit(); return; }
    const words = dialog.querySelector("[data-outbox-leave]");
    words.textContent = say(words, left);
    for (const menu of document.querySelectorAll("[popover]:popover-open")) menu.hidePopover();
    dialog.showModal();
  });
  document.addEventListener("click", async (e) => {
    if (e.target.closest("[data-outbox-now]")) { tries = 0; run(); }
    if (e.target.closest("[data-outbox-stay]")) e.target.closest("dialog").close();
    if (e.target.closest("[data-outbox-wipe]")) { await wipe().catch(() => {}); leaving?.submit(); }
  });

  addEventListener("online", () => { tries = 0; run(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) run(); });
  ready.then(async () => {
    address();
    await mend();
    if (await show()) run();
  }).catch(() => {}); // a browser that keeps nothing sends forms the plain way

  if (bar.dataset.worker && navigator.serviceWorker) {
    navigator.serviceWorker.register(bar.dataset.worker).then((r) => {
      const lang = document.documentElement.lang;
      if (r.active && localStorage.getItem("unisson-log") !== lang) r.active.postMessage("refresh");
      localStorage.setItem("unisson-log", lang);
    }).catch(() => {}); // without it the form opens with network alone
  }
}
