// @ts-check
/// <reference lib="webworker" />
// Service worker: opens the app and the raise form without a signal, and sends the outbox when the browser wakes it. A bonus: iOS web views
// and old kernels do without. The server writes the build hash and the hashed names.
importScripts('/assets/outbox-core.js');

const sw = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const BUILD = 'yst-__BUILD__';
const FILES = ['/assets/app.css', '/assets/app.js', '/assets/photo.js', '/assets/outbox-core.js', '/assets/icons.svg', '/assets/icon.svg', '/assets/pavilion.svg'];
/** Pages that open without a signal; '/offline' is the answer for all the others. */
const PAGES = ['/offline', '/raise'];

/** A page that is missing or refused must not keep the worker from starting. @param {Cache} cache @param {string} page */
async function keep(cache, page) {
  try {
    const r = await fetch(page, { cache: 'reload', credentials: 'same-origin', headers: { Purpose: 'prefetch' } });
    if (r.ok && !r.redirected) await cache.put(page, r);
  } catch (e) { /* no signal: next time */ }
}
async function fill() {
  const cache = await caches.open(BUILD);
  await cache.addAll(FILES);
  await Promise.all(PAGES.map((p) => keep(cache, p)));
}
sw.addEventListener('install', (e) => { e.waitUntil(fill().then(() => sw.skipWaiting())); });
sw.addEventListener('activate', (e) => {
  e.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== BUILD) await caches.delete(name);
    await sw.clients.claim();
  })());
});

/** The network, but a kept copy after five seconds where there is one. @param {FetchEvent} e @param {URL} url */
async function navigate(e, url) {
  const kept = url.search ? undefined : await caches.match(url.pathname);
  const fresh = fetch(e.request).then((r) => {
    if (r.ok && !r.redirected && !url.search && PAGES.indexOf(url.pathname) >= 0) {
      const copy = r.clone();
      e.waitUntil(caches.open(BUILD).then((c) => c.put(url.pathname, copy)));
    }
    return r;
  });
  fresh.catch(() => {});
  try {
    if (!kept) return await fresh;
    return await Promise.race([fresh, new Promise((/** @type {(r: Response) => void} */ ok) => setTimeout(() => ok(kept), 5000))]);
  } catch (x) {
    return kept || (await caches.match(url.pathname)) || (await caches.match('/offline')) || Response.error();
  }
}
sw.addEventListener('fetch', (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== 'GET' || url.origin !== location.origin) return;
  if (url.pathname.startsWith('/assets/')) e.respondWith(caches.match(e.request).then((r) => r || fetch(e.request)));
  else if (e.request.mode === 'navigate') e.respondWith(navigate(e, url));
});

/** @returns {Promise<void>} */
async function flush() {
  const outbox = /** @type {any} */ (self).Outbox;
  const n = await outbox.flush();
  const left = (await outbox.list()).filter((/** @type {{stuck: string}} */ x) => !x.stuck).length;
  for (const c of await sw.clients.matchAll()) c.postMessage({ sent: n, left: left });
  if (left && n >= 0) throw new Error('again'); // a rejected sync is tried again by the browser
}
sw.addEventListener(/** @type {any} */ ('sync'), (/** @type {any} */ e) => { if (e.tag === 'outbox') e.waitUntil(flush()); });
sw.addEventListener('message', (e) => {
  if (e.data === 'flush') e.waitUntil(flush().catch(() => {}));
  if (e.data === 'fill') e.waitUntil(fill().catch(() => {})); // after signing out emptied the cache
});
