// @ts-check
// Every page: photos, voice, place, drafts, outbox, similar matters, small comforts. All of it is a bonus: each form works without script.
// Texts come from the server. Attributes read here (docs/design-language.md shows the markup):
//   <html>    data-who, data-drafts-clear, data-wipe (a form to /sign-out does the same)
//   outbox    form[data-outbox(=queue)], [data-sending], [data-outbox-box data-t-wait data-t-done data-t-stuck data-t-link] with [data-text],
//             [data-sent], [data-outbox-go], [data-outbox-drop]; [data-offline]
//   drafts    form[data-draft], [data-no-draft], [data-draft-note], [data-draft-drop]
//   photos    input[data-photos data-max data-t-count data-t-many data-t-busy data-t-bad] in .picks with [data-photos-status], [data-photos-list], <template>
//   voice     button[data-voice data-max data-t-start data-t-stop data-t-rec data-t-done data-t-fail] in .voice with [data-label], [data-voice-status], <audio>
//   place     button[data-here data-lat data-lon data-status data-t-busy data-t-ok data-t-fail], input[data-filter] with [data-filter-none], select[data-narrows]
//   sitting   [data-now=EVENTS data-now-from=FRAGMENT data-version] with an id, [data-now-part=FRAGMENT] with an id, [data-clock=BEGAN data-clock-limit=SECONDS]
//   others    [data-similar data-similar-into data-similar-with data-similar-names], [data-autosubmit], [data-copy data-t-done], [data-read data-t-on data-t-off],
//             [data-count data-t], [data-focus], [data-open], [data-close], [data-print], form[data-once], [data-toast]
import './outbox-core.js';

/** @typedef {{key: string, title: string, location: string, who: string, stuck: string}} Kept */
/** @type {{add(it: object): Promise<string>, list(): Promise<Kept[]>, sent(): Promise<Kept[]>, drop(key: string): Promise<void>, forget(): Promise<void>,
 *   who(): Promise<{tag: string}>, iam(tag: string, csrf: string): Promise<unknown>, flush(): Promise<number>, one(key: string): Promise<{state: string, location: string}>}} */
const Outbox = /** @type {any} */ (self).Outbox;
const root = document.documentElement;

/** @param {string} s @param {ParentNode} [from] */
const $ = (s, from = document) => /** @type {HTMLElement | null} */ (from.querySelector(s));
/** @param {string} s @param {ParentNode} [from] */
const $$ = (s, from = document) => /** @type {HTMLElement[]} */ (Array.from(from.querySelectorAll(s)));
/** The nearest ancestor of an event's target. @param {Event} e @param {string} s */
const near = (e, s) => (e.target instanceof Element ? /** @type {HTMLElement | null} */ (e.target.closest(s)) : null);

/** Puts numbers into a text of the server: "{n} 件". @param {string | undefined} text @param {Record<string, string | number>} values */
export function fill(text, values) {
  return (text || '').replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
let toastTimer = 0;
/** Shows a short word at the bottom. @param {string | undefined} text */
export function say(text) {
  const t = $('[data-toast]');
  if (!t || !text) return;
  t.textContent = text;
  t.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { t.hidden = true; }, 6000);
}
/** Fetches a fragment of a page. @param {string} url @param {string} target id of the element that it is for @param {RequestCache} [cache] @returns {Promise<string | null>} */
export async function fragment(url, target, cache = 'no-store') {
  try {
    const r = await fetch(url, { headers: { 'HX-Request': 'true', 'HX-Target': target, Accept: 'text/html' }, cache });
    return r.ok && !r.redirected ? await r.text() : null;
  } catch (e) { return null; }
}

/* Outbox */
const csrf = () => /** @type {HTMLInputElement | null} */ ($('input[name=csrf]'))?.value || '';
async function paint() {
  const net = $('[data-offline]');
  if (net) net.hidden = navigator.onLine;
  const box = $('[data-outbox-box]');
  if (!box) return;
  const [waiting, arrived] = [await Outbox.list(), (await Outbox.sent()).filter((x) => x.location)];
  const stuck = waiting.filter((x) => x.stuck).length, n = waiting.length - stuck;
  root.dataset.pending = String(n);
  box.hidden = !waiting.length && !arrived.length;
  const words = [];
  if (n) words.push(fill(box.dataset.tWait, { n }));
  if (stuck) words.push(fill(box.dataset.tStuck, { n: stuck }));
  if (!waiting.length) words.push(box.dataset.tDone || '');
  const text = $('[data-text]', box), ul = $('[data-sent]', box), go = $('[data-outbox-go]', box), drop = $('[data-outbox-drop]', box);
  if (text) text.textContent = words.join(' ');
  if (go) go.hidden = !n;
  if (drop) drop.hidden = !stuck && !arrived.length;
  if (!ul) return;
  ul.textContent = '';
  for (const x of waiting) ul.appendChild(line(x.title));
  for (const x of arrived.reverse()) {
    const li = line(x.title + ' '), a = document.createElement('a');
    a.href = x.location;
    a.textContent = box.dataset.tLink || x.location;
    li.appendChild(a);
    ul.appendChild(li);
  }
}
/** @param {string} text */
function line(text) {
  const li = document.createElement('li');
  li.textContent = text;
  return li;
}
async function flush() {
  await Outbox.flush().catch(() => 0);
  await paint();
}
/** @param {HTMLFormElement} f */
function record(f) {
  /** @type {[string, string | Blob][]} */ const fields = [];
  let title = '';
  for (const [n, v] of new FormData(f)) {
    if (typeof v !== 'string') { if (v.size) fields.push([n, v]); continue; }
    fields.push([n, v]);
    if (!title && f.querySelector(`textarea[name="${CSS.escape(n)}"]`)) title = v.trim().slice(0, 24);
  }
  return { url: f.action, multi: f.enctype === 'multipart/form-data', fields, title };
}
/** @param {HTMLFormElement} f */
async function submitKept(f) {
  const note = $('[data-sending]', f);
  if (note) note.hidden = false;
  const key = await Outbox.add(record(f));
  if (f.dataset.outbox === 'queue') {
    done(f);
    flush(); // not awaited: the next record can be entered at once
  } else {
    const x = await Outbox.one(key);
    if (x.state === 'sent') {
      dropDraft(f);
      await Outbox.forget(); // the person is taken there now, no need to keep the address
      location.assign(x.location || f.action);
      return;
    }
    if (x.state === 'stuck') { // as an ordinary form, so that the page with the errors appears
      await Outbox.drop(key);
      const input = /** @type {HTMLInputElement | null} */ (f.querySelector('input[name=key]'));
      if (input) input.value = key;
      f.submit();
      return;
    }
    done(f);
    await paint();
    $('[data-outbox-box]')?.scrollIntoView({ block: 'center' });
  }
  if (note) note.hidden = true;
  navigator.serviceWorker?.getRegistration().then((r) => /** @type {any} */ (r)?.sync?.register('outbox')).catch(() => {});
}
/** The form is free for the next record. @param {HTMLFormElement} f */
function done(f) {
  dropDraft(f);
  f.reset();
  paint();
}

/* Drafts: text, selects and ticks of a form, on this phone only */
/** @param {HTMLFormElement} f */
const draftKey = (f) => 'draft:' + f.dataset.draft;
/** @param {HTMLFormElement} f */
const draftFields = (f) => /** @type {(HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement)[]} */ (Array.from(f.elements)).filter((x) => x.name && !('noDraft' in x.dataset) && /^(text|search|tel|number|date|time|url|textarea|select-one|radio|checkbox)$/.test(x.type));
/** @param {HTMLFormElement} f */
function dropDraft(f) {
  if (f.dataset.draft) localStorage.removeItem(draftKey(f));
}
/** @param {HTMLFormElement} f */
function saveDraft(f) {
  /** @type {[string, string][]} */ const kept = [];
  for (const x of draftFields(f)) {
    const ticked = x instanceof HTMLInputElement && /radio|checkbox/.test(x.type);
    if (ticked ? x.checked !== x.defaultChecked || x.checked : x.value) kept.push([x.name, ticked && !x.checked ? '' : x.value]);
  }
  if (kept.some((k) => k[1])) localStorage.setItem(draftKey(f), JSON.stringify(kept));
  else dropDraft(f);
}
/** @param {HTMLFormElement} f */
function loadDraft(f) {
  const kept = /** @type {[string, string][]} */ (JSON.parse(localStorage.getItem(draftKey(f)) || '[]'));
  if (!kept.length || $('[aria-invalid=true], .error-summary', f.parentElement || f)) return; // the server's answer is newer
  let back = false;
  for (const x of draftFields(f)) {
    const mine = kept.filter((k) => k[0] === x.name);
    if (!mine.length) continue;
    if (x instanceof HTMLInputElement && /radio|checkbox/.test(x.type)) {
      const on = mine.some((k) => k[1] === x.value);
      if (x.type === 'checkbox' || on) x.checked = on;
    } else if (!x.value || x.type === 'select-one') {
      back = back || x.type !== 'select-one';
      x.value = mine[0][1];
    }
  }
  const note = $('[data-draft-note]', f);
  if (note) note.hidden = !back;
}
function drafts() {
  const clear = (root.dataset.draftsClear || '').split(' ').filter(Boolean);
  for (const key of clear) localStorage.removeItem('draft:' + key);
  for (const f of /** @type {HTMLFormElement[]} */ ($$('form[data-draft]'))) {
    if (clear.indexOf(f.dataset.draft || '') < 0) loadDraft(f);
    let timer = 0;
    f.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(() => saveDraft(f), 400); });
    f.addEventListener('submit', () => clearTimeout(timer));
    f.addEventListener('reset', () => { clearTimeout(timer); const n = $('[data-draft-note]', f); if (n) n.hidden = true; });
  }
}
/** Signing out leaves nothing behind but what was never sent. */
async function wipe() {
  for (const k of Object.keys(localStorage)) if (k.startsWith('draft:')) localStorage.removeItem(k);
  await Outbox.forget();
  for (const name of 'caches' in window ? await caches.keys() : []) await caches.delete(name);
  localStorage.removeItem('wipe');
}
/** Tells the outbox who is here; the pages kept for bad signal are fetched anew when that has changed. */
async function greet() {
  const me = root.dataset.who || '', before = (await Outbox.who()).tag;
  await Outbox.iam(me, csrf());
  const left = 'wipe' in root.dataset || (!me && localStorage.getItem('wipe') !== null);
  if (left) await wipe();
  if (left || me !== before) navigator.serviceWorker?.controller?.postMessage('fill');
}

/* Photos */
/** @type {WeakMap<HTMLInputElement, File[]>} */ const picked = new WeakMap();
/** @type {Map<HTMLFormElement | null, Promise<void>>} */ const shrinking = new Map();
/** @param {HTMLInputElement} input */
function photosOf(input) {
  const box = input.closest('.picks') || document;
  return { list: $('[data-photos-list]', box), status: $('[data-photos-status]', box), mould: /** @type {HTMLTemplateElement | null} */ (box.querySelector('template')) };
}
/** @param {HTMLInputElement} input */
function showPhotos(input) {
  const files = picked.get(input) || [], { list, status, mould } = photosOf(input);
  const data = new DataTransfer();
  for (const f of files) data.items.add(f);
  input.files = data.files;
  if (status) status.textContent = files.length ? fill(input.dataset.tCount, { n: files.length }) : '';
  if (!list || !mould) return;
  for (const img of $$('img', list)) URL.revokeObjectURL(/** @type {HTMLImageElement} */ (img).src);
  list.textContent = '';
  files.forEach((file, i) => {
    const li = /** @type {DocumentFragment} */ (mould.content.cloneNode(true)), img = li.querySelector('img'), x = li.querySelector('button');
    if (img) { img.src = URL.createObjectURL(file); img.alt = fill(img.alt, { n: i + 1 }); }
    if (x) {
      x.setAttribute('aria-label', fill(x.getAttribute('aria-label') || '', { n: i + 1 }));
      x.addEventListener('click', () => { picked.set(input, files.filter((f) => f !== file)); showPhotos(input); input.focus(); });
    }
    list.appendChild(li);
  });
}
/** @param {HTMLInputElement} input */
async function takePhotos(input) {
  const old = picked.get(input) || [], fresh = Array.from(input.files || []), { status } = photosOf(input);
  const max = Number(input.dataset.max) || (input.multiple ? 9 : 1);
  if (status && fresh.length) status.textContent = input.dataset.tBusy || '';
  const { shrink } = await import('./photo.js');
  let files = input.multiple ? old.slice() : [], word = '';
  for (const f of fresh) {
    if (!f.type.startsWith('image/')) { word = input.dataset.tBad || ''; continue; }
    if (files.length >= max) { word = fill(input.dataset.tMany, { max }); break; }
    const small = await shrink(f).catch(() => f);
    files.push(small === f ? f : new File([small], f.name.replace(/\.\w+$/, '') + '.jpg', { type: 'image/jpeg', lastModified: f.lastModified }));
  }
  picked.set(input, files);
  showPhotos(input);
  if (word && status) status.textContent = word;
}
/** @param {HTMLInputElement} input */
function onPhotos(input) {
  const busy = takePhotos(input).catch(() => {}).then(() => { if (shrinking.get(input.form) === busy) shrinking.delete(input.form); });
  shrinking.set(input.form, busy);
}

/* Voice */
/** @param {HTMLElement} button */
function voice(button) {
  const input = /** @type {HTMLInputElement | null} */ ($(button.dataset.voice || 'x-none'));
  if (!input || !navigator.mediaDevices || !('MediaRecorder' in window) || !('DataTransfer' in window)) return;
  const box = button.closest('.voice') || document, status = $('[data-voice-status]', box), sound = /** @type {HTMLAudioElement | null} */ (box.querySelector('audio'));
  const label = $('[data-label]', button) || button, max = Number(button.dataset.max) || 120;
  /** @param {string | undefined} s */ const tell = (s) => { if (status) status.textContent = s || ''; };
  /** @type {MediaRecorder | null} */ let recorder = null;
  button.hidden = false;
  const plain = $('.file', box); // the way without script
  if (plain) plain.hidden = true;
  button.addEventListener('click', async () => {
    if (recorder) { recorder.stop(); return; }
    let stream;
    try { stream = await navigator.mediaDevices.getUserMedia({ audio: true }); } catch (e) { tell(button.dataset.tFail); return; }
    /** @type {Blob[]} */ const parts = [];
    const r = recorder = new MediaRecorder(stream);
    let n = 0;
    const clock = setInterval(() => { n++; tell(fill(button.dataset.tRec, { n })); if (n >= max) r.stop(); }, 1000);
    r.ondataavailable = (e) => { if (e.data.size) parts.push(e.data); };
    r.onstop = () => {
      clearInterval(clock);
      stream.getTracks().forEach((t) => t.stop());
      recorder = null;
      button.classList.remove('live');
      label.textContent = button.dataset.tStart || '';
      const type = (r.mimeType || 'audio/webm').split(';')[0], data = new DataTransfer();
      data.items.add(new File(parts, 'voice.' + (type === 'audio/mp4' ? 'm4a' : type.split('/')[1]), { type }));
      input.files = data.files;
      if (sound) { sound.src = URL.createObjectURL(data.files[0]); sound.hidden = false; }
      tell(fill(button.dataset.tDone, { n }));
    };
    r.start();
    button.classList.add('live');
    label.textContent = button.dataset.tStop || '';
    tell(fill(button.dataset.tRec, { n }));
  });
}

/* Place */
/** @param {HTMLElement} button */
function here(button) {
  const lat = /** @type {HTMLInputElement | null} */ ($(button.dataset.lat || 'x-none')), lon = /** @type {HTMLInputElement | null} */ ($(button.dataset.lon || 'x-none'));
  if (!navigator.geolocation || !lat || !lon) return;
  const status = $(button.dataset.status || 'x-none');
  /** @param {string | undefined} s */ const tell = (s) => { if (status) status.textContent = s || ''; };
  button.hidden = false;
  button.addEventListener('click', () => {
    tell(button.dataset.tBusy);
    navigator.geolocation.getCurrentPosition((p) => {
      lat.value = p.coords.latitude.toFixed(6);
      lon.value = p.coords.longitude.toFixed(6);
      lat.dispatchEvent(new Event('change', { bubbles: true }));
      tell(button.dataset.tOk);
    }, () => tell(button.dataset.tFail), { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 });
  });
}
/** @param {HTMLInputElement} input */
function filterList(input) {
  const list = $(input.dataset.filter || 'x-none');
  if (!list) return;
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let n = 0;
  for (const row of /** @type {HTMLElement[]} */ (Array.from(list.children))) {
    const text = (row.textContent || '').toLowerCase().replace(/\s+/g, '');
    row.hidden = !words.every((w) => text.includes(w)) && !row.querySelector('input:checked');
    if (!row.hidden) n++;
  }
  const none = list.parentElement && $('[data-filter-none]', list.parentElement);
  if (none) none.hidden = n > 0;
}
/** @param {HTMLSelectElement} select */
function narrow(select) {
  const target = /** @type {HTMLSelectElement | null} */ ($(select.dataset.narrows || 'x-none'));
  if (!target) return;
  const groups = Array.from(target.querySelectorAll('optgroup'));
  const apply = () => {
    const value = target.value;
    for (const g of groups) {
      const fits = !select.value || !g.dataset.under || g.dataset.under === select.value;
      if (fits) target.appendChild(g); else g.remove(); // hidden options are still offered by iOS
    }
    target.value = value;
    if (target.selectedIndex < 0) target.selectedIndex = 0;
  };
  select.addEventListener('change', apply);
  if (select.value) apply();
}

/* Similar matters */
/** @param {HTMLTextAreaElement} field */
function similar(field) {
  const into = $(field.dataset.similarInto || 'x-none'), form = field.form;
  if (!into || !form) return;
  const extra = (field.dataset.similarWith || '').split(',').map((s) => s.trim()).filter(Boolean);
  const names = (field.dataset.similarNames || '').split(',').map((s) => s.trim()).filter(Boolean);
  let timer = 0, asked = '';
  const ask = async () => {
    const query = new URLSearchParams({ text: field.value.trim().slice(0, 200) });
    for (const s of extra) { const x = /** @type {HTMLInputElement | null} */ ($(s)); if (x?.name && x.value) query.set(x.name, x.value); }
    for (const n of names) { const v = new FormData(form).get(n); if (typeof v === 'string' && v) query.set(n, v); }
    const now = query.toString();
    if (now === asked) return;
    asked = now;
    if ((query.get('text') || '').length < 4) { into.textContent = ''; return; }
    const html = await fragment(field.dataset.similar + '?' + now, into.id);
    if (html !== null && now === asked) into.innerHTML = html;
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(ask, 700); };
  field.addEventListener('input', later);
  form.addEventListener('change', later);
  if (field.value) later();
}

/* Small comforts */
/** @param {HTMLElement} button */
async function copy(button) {
  const what = button.dataset.copy || '', from = what.startsWith('#') ? $(what) : null;
  const text = from ? (from instanceof HTMLInputElement ? from.value : from.textContent || '').trim() : what;
  try { await navigator.clipboard.writeText(text); } catch (e) { // old web views and plain http
    const t = document.createElement('textarea');
    t.value = text;
    t.className = 'vh';
    document.body.appendChild(t);
    t.select();
    document.execCommand('copy');
    t.remove();
    button.focus();
  }
  say(button.dataset.tDone);
}
/** @param {HTMLElement} button */
function read(button) {
  const voiceOf = window.speechSynthesis;
  if (!voiceOf) return;
  const label = $('[data-label]', button) || button;
  /** @param {boolean} on */ const show = (on) => { button.setAttribute('aria-pressed', String(on)); label.textContent = (on ? button.dataset.tOff : button.dataset.tOn) || ''; };
  button.hidden = false;
  button.addEventListener('click', () => {
    if (voiceOf.speaking) { voiceOf.cancel(); show(false); return; }
    const words = new SpeechSynthesisUtterance(($(button.dataset.read || 'main') || document.body).innerText);
    words.lang = root.lang || 'zh-CN';
    words.rate = 0.9;
    words.onend = words.onerror = () => show(false);
    voiceOf.speak(words);
    show(true);
  });
  addEventListener('pagehide', () => voiceOf.cancel());
}
/* A sitting, live: the server says the version, first the present one, so whoever comes back misses nothing */
/** @param {HTMLElement} box */
function now(box) {
  /** @type {EventSource | null} */ let source = null;
  let shown = box.dataset.version, told = shown, busy = false, wait = 1000, timer = 0;
  const draw = async () => {
    if (busy) return;
    busy = true;
    while (shown !== told) {
      const next = told, from = box.dataset.nowFrom, html = from ? await fragment(from, box.id, 'no-cache') : '';
      if (html === null) { timer = setTimeout(draw, 2000); break; }
      if (from) box.innerHTML = html;
      for (const part of $$('[data-now-part]')) {
        // what somebody is writing stays
        const writing = $$('textarea, input:not([type=hidden])', part).some((x) => x === document.activeElement || /** @type {HTMLInputElement} */ (x).value !== /** @type {HTMLInputElement} */ (x).defaultValue);
        const own = writing ? null : await fragment(part.dataset.nowPart || '', part.id);
        if (own !== null) part.innerHTML = own;
      }
      shown = next;
      tick();
    }
    busy = false;
  };
  const stop = () => { clearTimeout(timer); source?.close(); source = null; };
  const start = () => {
    stop();
    const s = source = new EventSource(box.dataset.now || '');
    s.onopen = () => { wait = 1000; };
    s.onmessage = (e) => { told = e.data; draw(); };
    // after a broken line the browser tries again by itself, after an HTTP error it does not; not all at the same moment
    s.onerror = () => { if (s.readyState === EventSource.CLOSED) { timer = setTimeout(start, wait * (1 + Math.random())); wait = Math.min(wait * 2, 30000); } };
  };
  document.addEventListener('visibilitychange', () => { if (document.hidden) stop(); else start(); });
  addEventListener('pagehide', stop);
  start();
  setInterval(tick, 1000);
  tick();
}
/** The clocks of whoever speaks: what is left, or by how much it is over. */
function tick() {
  for (const c of $$('[data-clock]')) {
    const left = Number(c.dataset.clockLimit) - Math.max(0, Math.round((Date.now() - Number(c.dataset.clock)) / 1000)), n = Math.abs(left);
    c.textContent = (left < 0 ? '-' : '') + Math.floor(n / 60) + ':' + String(n % 60).padStart(2, '0');
    c.classList.add('on');
    c.classList.toggle('late', left < 0);
  }
}
/** @param {HTMLFormElement} f @param {HTMLElement | null} [by] */
function submit(f, by) {
  if (f.requestSubmit) f.requestSubmit(/** @type {any} */ (by) || undefined);
  else (/** @type {HTMLElement | null} */ (by || f.querySelector('button:not([type=button])')))?.click();
}

document.addEventListener('submit', (e) => {
  const f = e.target;
  if (!(f instanceof HTMLFormElement)) return;
  const button = /** @type {HTMLButtonElement | null} */ (/** @type {any} */ (e).submitter || f.querySelector('button:not([type=button])'));
  const photos = shrinking.get(f);
  if (photos) { // the photos are nearly ready
    e.preventDefault();
    photos.then(() => submit(f, button));
    return;
  }
  if ((f.getAttribute('action') || '').startsWith('/sign-out')) localStorage.setItem('wipe', '1'); // done by the next page
  if ('once' in f.dataset) {
    if (f.dataset.once === 'sent') { e.preventDefault(); return; }
    f.dataset.once = 'sent';
  }
  if (!('outbox' in f.dataset) || !window.indexedDB || (button && button.formAction && button.hasAttribute('formaction')) || button?.hasAttribute('data-direct')) return;
  e.preventDefault();
  if (button) button.disabled = true;
  submitKept(f).catch(() => f.submit()).finally(() => { if (button) button.disabled = false; });
});
document.addEventListener('change', (e) => {
  const x = e.target;
  if (x instanceof HTMLInputElement && 'photos' in x.dataset && 'DataTransfer' in window) onPhotos(x);
  if ((x instanceof HTMLSelectElement || x instanceof HTMLInputElement) && 'autosubmit' in x.dataset && x.form) submit(x.form);
});
document.addEventListener('input', (e) => {
  const x = e.target;
  if (x instanceof HTMLInputElement && x.dataset.filter) filterList(x);
  if (x instanceof HTMLTextAreaElement && x.dataset.count) { const c = $(x.dataset.count); if (c) c.textContent = fill(c.dataset.t, { n: x.maxLength - x.value.length }); }
});
document.addEventListener('reset', (e) => {
  for (const x of $$('input[data-photos]', /** @type {HTMLFormElement} */ (e.target))) { picked.delete(/** @type {HTMLInputElement} */ (x)); showPhotos(/** @type {HTMLInputElement} */ (x)); }
  for (const x of $$('.voice audio', /** @type {HTMLFormElement} */ (e.target))) x.hidden = true;
});
document.addEventListener('keydown', (e) => { // Enter in a search field over a list must not send the form
  if (e.key === 'Enter' && e.target instanceof HTMLInputElement && e.target.dataset.filter) e.preventDefault();
});
document.addEventListener('click', (e) => {
  const opener = near(e, '[data-open]'), closer = near(e, '[data-close]'), copier = near(e, '[data-copy]'), drop = near(e, '[data-draft-drop]');
  const dialog = opener && /** @type {HTMLDialogElement | null} */ ($(opener.dataset.open || 'x-none'));
  if (dialog && dialog.showModal) { e.preventDefault(); dialog.showModal(); }
  if (closer) /** @type {HTMLDialogElement | null} */ (closer.closest('dialog'))?.close();
  if (copier) copy(copier);
  if (near(e, '[data-print]')) window.print();
  if (near(e, '[data-outbox-go]')) flush();
  if (near(e, '[data-outbox-drop]')) dropStuck();
  const f = drop?.closest('form');
  if (f) { dropDraft(f); f.reset(); }
});
async function dropStuck() {
  for (const x of await Outbox.list()) if (x.stuck) await Outbox.drop(x.key);
  await Outbox.forget();
  await paint();
}

drafts();
$$('[data-voice]').forEach(voice);
$$('[data-here]').forEach(here);
$$('[data-read]').forEach(read);
if ('EventSource' in window) $$('[data-now]').forEach(now);
$$('[data-print]').forEach((b) => { b.hidden = false; });
$$('textarea[data-similar]').forEach((x) => similar(/** @type {HTMLTextAreaElement} */ (x)));
$$('select[data-narrows]').forEach((x) => narrow(/** @type {HTMLSelectElement} */ (x)));
$('[data-focus]')?.focus();
addEventListener('pageshow', () => { for (const f of $$('form[data-once]')) f.dataset.once = ''; });

if (window.indexedDB) {
  greet().then(async () => {
    await flush();
    root.dataset.ready = 'on'; // browser tests wait for it
  }).catch(() => { root.dataset.ready = 'off'; });
  addEventListener('online', flush);
  addEventListener('offline', paint);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) flush(); });
  setInterval(() => { if (root.dataset.pending && root.dataset.pending !== '0') flush(); }, 20000);
}
if ('serviceWorker' in navigator) {
  navigator.serviceWorker.register('/sw.js').catch(() => {});
  navigator.serviceWorker.addEventListener('message', paint);
}
root.dataset.js = 'on';
