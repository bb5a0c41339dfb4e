// @ts-check
// Staff pages: worklist by keyboard, side panel, bulk selection, live list. Texts come from the server. Attributes read here:
//   table[data-worklist], tr[data-row], a[data-panel=NUMBER], #panel (data-empty: its contents when nothing is open), [data-panel-close], [data-search]
//   dialog[data-keys] with input[data-keys-toggle] (single keys can be turned off, WCAG 2.1.4)
//   [data-bulk] with [data-bulk-bar], [data-bulk-count data-t], input[data-all]
//   [data-live=EVENTS data-refresh=FRAGMENT data-t-new] with an id, [data-live-state data-t-on data-t-off]
//   form[data-ctrl-enter]
import { fill, fragment, say } from './app.js';

/** @param {string} s @param {ParentNode} [from] */
const $ = (s, from = document) => /** @type {HTMLElement | null} */ (from.querySelector(s));
/** @param {string} s @param {ParentNode} [from] */
const $$ = (s, from = document) => /** @type {HTMLElement[]} */ (Array.from(from.querySelectorAll(s)));
const wide = matchMedia('(min-width: 64rem)');
const rows = () => $$('[data-worklist] tr[data-row]');

/* The selected row: the focus is on its link, so Enter, screen readers and the ring work by themselves */
let current = new URLSearchParams(location.search).get('panel') || '';
/** @param {string} number @param {boolean} focus */
function select(number, focus) {
  current = number;
  for (const r of rows()) {
    const mine = r.dataset.row === number;
    r.classList.toggle('sel', mine);
    const link = $('a[data-panel]', r);
    if (mine) {
      link?.setAttribute('aria-current', 'true');
      if (focus) { link?.focus(); r.scrollIntoView({ block: 'nearest' }); }
    } else link?.removeAttribute('aria-current');
  }
}
/** @param {number} step */
function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((r) => r.dataset.row === current);
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  select(next.dataset.row || '', true);
}
const row = () => rows().find((r) => r.dataset.row === current);

/* Panel */
const panel = $('#panel');
/** @param {string} number '' closes @param {boolean} push */
async function open(number, push) {
  if (!panel) return;
  const url = new URL(location.href);
  if (number) url.searchParams.set('panel', number); else url.searchParams.delete('panel');
  panel.setAttribute('aria-busy', 'true');
  const html = await fragment(url.pathname + url.search, 'panel');
  panel.removeAttribute('aria-busy');
  if (html === null) { location.assign(url.href); return; } // signed out, moved, no signal: the browser says it better
  panel.innerHTML = html;
  /** @type {any} */ (window).htmx?.process(panel);
  panel.scrollTop = 0;
  if (push) history.pushState({ panel: number }, '', url.href);
  select(number, false);
  if (push && number) panel.focus({ preventScroll: true });
}
if (panel) {
  document.addEventListener('click', (e) => {
    if (!(e.target instanceof Element) || e.button || e.ctrlKey || e.metaKey || e.shiftKey) return;
    const link = /** @type {HTMLElement | null} */ (e.target.closest('a[data-panel]'));
    const close = e.target.closest('[data-panel-close]');
    if (link && wide.matches) { e.preventDefault(); open(link.dataset.panel || '', true); }
    if (close) { e.preventDefault(); const was = current; open('', true).then(() => { if (was) select(was, true); }); }
  });
  addEventListener('popstate', () => open(new URLSearchParams(location.search).get('panel') || '', false));
  document.addEventListener('focusin', (e) => {
    const r = e.target instanceof Element && e.target.matches('a[data-panel]') ? /** @type {HTMLElement | null} */ (e.target.closest('tr[data-row]')) : null;
    if (r?.dataset.row && r.dataset.row !== current) select(r.dataset.row, false);
  });
}

/* Keys */
const help = /** @type {HTMLDialogElement | null} */ ($('dialog[data-keys]'));
const toggle = /** @type {HTMLInputElement | null} */ ($('[data-keys-toggle]'));
const keysOn = () => localStorage.getItem('keys') !== 'off';
if (toggle) {
  toggle.checked = keysOn();
  toggle.addEventListener('change', () => localStorage.setItem('keys', toggle.checked ? 'on' : 'off'));
}
document.addEventListener('keydown', (e) => {
  const t = e.target instanceof Element ? e.target : document.body;
  if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) {
    const f = /** @type {HTMLFormElement | null} */ (t.closest('form[data-ctrl-enter]'));
    if (f) { e.preventDefault(); f.requestSubmit ? f.requestSubmit() : $('button:not([type=button])', f)?.click(); }
    return;
  }
  if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented || e.isComposing || $('dialog[open]')) return;
  if (e.key === 'Escape' && panel && t.closest('#panel')) { select(current, true); return; }
  if (t.closest('input:not([type=checkbox]), textarea, select, [contenteditable]')) return;
  const list = $('[data-worklist]');
  const arrows = list && t.closest('[data-worklist], body') && !t.closest('#panel, .side');
  if (arrows && (e.key === 'ArrowDown' || e.key === 'ArrowUp') && t.closest('[data-worklist]')) { e.preventDefault(); move(e.key === 'ArrowDown' ? 1 : -1); return; }
  if (!keysOn()) return;
  const act = { j: () => move(1), k: () => move(-1), x: tick, o: page, '/': search, '?': () => help?.showModal?.() }[e.key];
  if (!act || ('jkxo'.includes(e.key) && !list)) return;
  e.preventDefault();
  act();
});
function tick() {
  const box = /** @type {HTMLInputElement | null | undefined} */ (row()?.querySelector('input[type=checkbox]'));
  if (box) { box.checked = !box.checked; count(); }
}
function page() {
  const link = /** @type {HTMLAnchorElement | null | undefined} */ (row()?.querySelector('a[data-panel]'));
  if (link) location.assign(link.href);
}
function search() {
  const q = /** @type {HTMLInputElement | null} */ ($('[data-search]'));
  if (q) { q.focus(); q.select(); }
}

/* Bulk selection */
const boxes = () => /** @type {HTMLInputElement[]} */ ($$('[data-worklist] tbody input[type=checkbox]'));
function count() {
  const all = boxes(), n = all.filter((b) => b.checked).length;
  const bar = $('[data-bulk-bar]'), text = $('[data-bulk-count]'), head = /** @type {HTMLInputElement | null} */ ($('input[data-all]'));
  if (bar) bar.hidden = n === 0; // without script the bar is always there
  if (text) text.textContent = fill(text.dataset.t, { n });
  if (head) { head.checked = n > 0 && n === all.length; head.indeterminate = n > 0 && n < all.length; }
}
if ($('[data-bulk]')) {
  document.addEventListener('change', (e) => {
    const x = e.target;
    if (!(x instanceof HTMLInputElement) || x.type !== 'checkbox' || !x.closest('[data-worklist]')) return;
    if ('all' in x.dataset) for (const b of boxes()) b.checked = x.checked;
    count();
  });
  count();
}

/* Live list */
const live = $('[data-live][data-refresh]');
/** @param {HTMLElement} box */
async function refresh(box) {
  const before = new Set(rows().map((r) => r.dataset.row));
  const html = await fragment((box.dataset.refresh || '') + location.search, box.id);
  if (html === null || box.contains(document.activeElement) && document.activeElement?.matches('select, textarea, input:not([type=checkbox])')) return;
  const ticked = new Set(boxes().filter((b) => b.checked).map((b) => b.value));
  const focused = box.contains(document.activeElement) ? document.activeElement?.closest('tr[data-row]') : null;
  box.innerHTML = html;
  /** @type {any} */ (window).htmx?.process(box);
  for (const b of boxes()) b.checked = ticked.has(b.value);
  select(current, Boolean(focused));
  count();
  const fresh = rows().filter((r) => !before.has(r.dataset.row));
  for (const r of fresh) r.classList.add('fresh');
  if (fresh.length) say(fill(box.dataset.tNew, { n: fresh.length }));
}
/** @param {HTMLElement} box */
function listen(box) {
  const state = $('[data-live-state]');
  /** @type {EventSource | null} */ let source = null;
  let wait = 2000, timer = 0, retry = 0, missed = false;
  /** @param {boolean} on */
  const show = (on) => { if (state) state.textContent = (on ? state.dataset.tOn : state.dataset.tOff) || ''; };
  const soon = () => { clearTimeout(timer); timer = setTimeout(() => refresh(box), 400); };
  const stop = () => { clearTimeout(retry); source?.close(); source = null; };
  const start = () => {
    stop();
    const s = source = new EventSource(box.dataset.live || '');
    s.onopen = () => { wait = 2000; show(true); if (missed) soon(); missed = false; };
    s.onmessage = soon;
    s.addEventListener('worklist', soon);
    s.onerror = () => {
      missed = true;
      show(false);
      // the browser tries again by itself after a broken line, but not after an HTTP error
      if (s.readyState === EventSource.CLOSED) { clearTimeout(retry); retry = setTimeout(start, wait); wait = Math.min(wait * 2, 60000); }
    };
  };
  // a hidden tab gives its connection back: HTTP/1.1 browsers hold six per host
  document.addEventListener('visibilitychange', () => { if (document.hidden) { stop(); missed = true; } else start(); });
  addEventListener('pagehide', stop);
  if (!document.hidden) start();
}
if (live && 'EventSource' in window) listen(live);
if (current) select(current, false);
