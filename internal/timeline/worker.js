// Opens the quick log without network: an empty form and the files that it needs, nothing else. No page of a customer is ever kept.
// It is registered for /touches/ and answers only for the form; what is noted waits in the page's own outbox.
const SHELL = "/touches/offline";
const CACHE = "unisson-log-" + FILES.join("|");
const PATIENCE = 8000; // milliseconds that a weak network gets

self.addEventListener("install", (e) => {
  e.waitUntil(caches.open(CACHE).then((c) => c.addAll([SHELL, ...FILES])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (e) => {
  e.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("unisson-log-") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

const page = async (request) => {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return (await caches.match(SHELL, { cacheName: CACHE })) || Response.error();
  }
};
const kept = async (request) => (await caches.match(request, { cacheName: CACHE })) || fetch(request);

self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (e.request.mode === "navigate" && url.pathname === "/touches/new") e.respondWith(page(e.request));
  else if (FILES.includes(url.pathname)) e.respondWith(kept(e.request));
});

// The words of the form follow the language of whoever signed in last.
self.addEventListener("message", (e) => {
  if (e.data === "refresh") e.waitUntil(caches.open(CACHE).then((c) => c.add(SHELL)).catch(() => {}));
  if (e.data === "forget") e.waitUntil(caches.delete(CACHE));
});
