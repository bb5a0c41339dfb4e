// @ts-check
// The outbox, shared by pages (imported by app.js) and the service worker (importScripts; module workers need Chrome 91).
//
// Rules: a record is in IndexedDB before anything is sent; it carries one UUID made on the phone, and the server drops repeats by it; one
// runner at a time over all tabs and the worker; no reply, 401, 408, 425, 429 and 5xx keep the record, any other 4xx marks it stuck; a
// record is sent only in the session of the account that wrote it.
(function (g) {
  'use strict';
  /** @typedef {{key: string, url: string, multi: boolean, fields: [string, string | Blob][], title: string, who: string, at: number, stuck: string}} Item */
  /** @typedef {{key: string, title: string, location: string, who: string, at: number}} Sent */
  /** @typedef {{state: 'sent' | 'stuck' | 'later', location: string}} Outcome */
  const WAIT = 'outbox', SENT = 'sent', META = 'meta', KEEP = [401, 408, 425, 429], RECEIPTS = 20;

  /** @returns {Promise<IDBDatabase>} */
  function open() {
    return new Promise((ok, no) => {
      const r = indexedDB.open('yishiting', 1);
      r.onupgradeneeded = () => {
        for (const s of [WAIT, SENT, META]) r.result.createObjectStore(s, { keyPath: 'key' });
      };
      r.onsuccess = () => ok(r.result);
      r.onerror = () => no(r.error);
    });
  }
  /** @template T @param {string} store @param {IDBTransactionMode} mode @param {(s: IDBObjectStore) => IDBRequest<T>} f @returns {Promise<T>} */
  async function tx(store, mode, f) {
    const db = await open();
    try {
      return await new Promise((ok, no) => {
        const t = db.transaction(store, mode);
        const q = f(t.objectStore(store));
        t.oncomplete = () => ok(q.result);
        t.onerror = t.onabort = () => no(t.error);
      });
    } finally { db.close(); }
  }
  /** UUID v4; crypto.randomUUID needs Chrome 92 */
  function uuid() {
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64; b[8] = (b[8] & 63) | 128;
    const h = Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('');
    return h.slice(0, 8) + '-' + h.slice(8, 12) + '-' + h.slice(12, 16) + '-' + h.slice(16, 20) + '-' + h.slice(20);
  }
  /** Remembers in whose session this browser is ('' = nobody) and the newest form token, also for the worker.
   * @param {string} tag @param {string} csrf */
  const iam = (tag, csrf) => tx(META, 'readwrite', (s) => s.put({ key: 'who', tag: tag, csrf: csrf }));
  /** @returns {Promise<{tag: string, csrf: string}>} */
  const who = async () => (await tx(META, 'readonly', (s) => s.get('who'))) || { tag: '', csrf: '' };
  /** @param {{url: string, multi: boolean, fields: [string, string | Blob][], title: string}} it @returns {Promise<string>} the record's key */
  async function add(it) {
    /** @type {Item} */
    const row = { key: uuid(), url: it.url, multi: it.multi, fields: it.fields, title: it.title, who: (await who()).tag, at: Date.now(), stuck: '' };
    await tx(WAIT, 'readwrite', (s) => s.add(row));
    return row.key;
  }
  /** @template {{at: number}} T @param {string} store @returns {Promise<T[]>} */
  async function all(store) {
    const a = await tx(store, 'readonly', (s) => /** @type {IDBRequest<T[]>} */ (s.getAll()));
    return a.sort((x, y) => x.at - y.at);
  }
  /** Waiting records, oldest first. @returns {Promise<Item[]>} */
  const list = () => all(WAIT);
  /** Records that arrived, with the address of what became of them. @returns {Promise<Sent[]>} */
  const sent = () => all(SENT);
  /** @param {string} key */
  const drop = (key) => tx(WAIT, 'readwrite', (s) => s.delete(key));
  /** Forgets what became of sent records. */
  const forget = () => tx(SENT, 'readwrite', (s) => s.clear());

  /** A form token of the session as it is now; every page with a form carries one. @returns {Promise<string>} */
  async function token() {
    const r = await fetch('/raise', { cache: 'no-store', headers: { Accept: 'text/html', Purpose: 'prefetch' } });
    return ((await r.text()).match(/name="csrf" value="([^"]+)"/) || ['', ''])[1];
  }
  /** @param {Item} it @param {string} csrf the newest token; the record's own may have expired @param {boolean} [again] @returns {Promise<Outcome>} */
  async function send(it, csrf, again) {
    const body = it.multi ? new FormData() : new URLSearchParams();
    for (const [n, v] of it.fields) {
      const value = n === 'csrf' && csrf ? csrf : v;
      if (typeof value === 'string') body.append(n, value);
      else if (body instanceof FormData) body.append(n, value, /** @type {File} */ (value).name || 'photo.jpg');
    }
    body.set('key', it.key);
    let r;
    try {
      r = await fetch(it.url, { method: 'POST', body: body, headers: { Accept: 'application/json', 'Idempotency-Key': it.key } });
    } catch (e) { return { state: 'later', location: '' }; }
    const signIn = r.redirected && /\/(sign-?in|login)(\/|$)/.test(new URL(r.url).pathname);
    if (r.ok && !signIn) {
      const json = /json/.test(r.headers.get('Content-Type') || '');
      const reply = json ? await r.json().catch(() => ({})) : {};
      const location = String(reply.location || (r.redirected ? r.url : ''));
      await tx(SENT, 'readwrite', (s) => s.put({ key: it.key, title: it.title, location: location, who: it.who, at: Date.now() }));
      await drop(it.key);
      for (const old of (await sent()).slice(0, -RECEIPTS)) await tx(SENT, 'readwrite', (s) => s.delete(old.key));
      return { state: 'sent', location: location };
    }
    if (r.status === 403 && !again) { // perhaps only the token is of an older session
      const now = await token().catch(() => '');
      if (now && now !== csrf) return send(it, now, true);
    }
    if (!signIn && r.status >= 400 && r.status < 500 && KEEP.indexOf(r.status) < 0) {
      it.stuck = 'HTTP ' + r.status;
      await tx(WAIT, 'readwrite', (s) => s.put(it));
      return { state: 'stuck', location: '' };
    }
    return { state: 'later', location: '' };
  }
  async function run() {
    const me = await who();
    let n = 0;
    for (const it of await list()) {
      if (it.stuck || (it.who && it.who !== me.tag)) continue;
      const x = await send(it, me.csrf);
      if (x.state === 'sent') n++;
      if (x.state === 'later') break;
    }
    return n;
  }
  /** @type {Promise<unknown> | null} */
  let running = null; // stands in for navigator.locks (needs Chrome 69, Safari 15.4)
  /** @template T @param {boolean} wait @param {() => Promise<T>} f @param {T} busy @returns {Promise<T>} */
  async function alone(wait, f, busy) {
    const locks = g.navigator.locks;
    if (locks) return locks.request('outbox', { ifAvailable: !wait }, (/** @type {unknown} */ l) => (l ? f() : busy));
    if (running && !wait) return busy;
    while (running) await running;
    const p = f();
    running = p.catch(() => {});
    try { return await p; } finally { running = null; }
  }
  /** Sends all that may be sent. @returns {Promise<number>} how many arrived, -1 when somebody else is sending */
  const flush = () => alone(false, run, -1);
  /** Sends one record now. @param {string} key @returns {Promise<Outcome>} */
  const one = (key) => alone(true, async () => {
    const it = (await list()).find((x) => x.key === key);
    if (it) return send(it, (await who()).csrf);
    const done = (await sent()).find((x) => x.key === key); // another tab was faster
    return /** @type {Outcome} */ ({ state: 'sent', location: done ? done.location : '' });
  }, /** @type {Outcome} */ ({ state: 'later', location: '' }));

  /** @type {any} */ (g).Outbox = { add: add, list: list, sent: sent, drop: drop, forget: forget, who: who, iam: iam, flush: flush, one: one };
})(self);
