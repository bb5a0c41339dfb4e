// @ts-check
// What browser tests share: a server with the demo street, one browser, contexts as people have them (phone,
// desktop, without script, large type, another language), and the checks that hold for every page.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {import('playwright-core').Browser} Browser */
/** @typedef {import('playwright-core').BrowserContext} BrowserContext */
/** @typedef {{ account: string, password: string, office: string, name: string }} Account */

const HERE = path.dirname(fileURLToPath(import.meta.url));

/** Where pictures go. */
export const OUT = process.env.YISHITING_SHOTS ?? path.join(HERE, 'out');

/** Names of the cookies that carry a visitor's choices, and the value that asks for large type. */
export const COOKIES = { elder: 'ye', elderOn: '1', language: 'yl' };

/** Sizes that the tests use. */
export const SIZES = {
  phone: { width: 390, height: 844 },
  small: { width: 320, height: 640 },
  desktop: { width: 1440, height: 900 },
  wall: { width: 1920, height: 1080 },
};

const CHROME_FLAGS = [
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

// ---------------------------------------------------------------------------------------------- server

/**
 * @typedef {object} Server
 * @property {string} url              address without a slash at the end
 * @property {Account[]} accounts      demo accounts
 * @property {(office: string) => Account} account  the first account that holds this office
 * @property {() => Promise<void>} stop     ends the server, keeps its data
 * @property {() => Promise<void>} start    starts it again on the same port and data (to try a lost connection)
 * @property {() => Promise<void>} close    ends it and removes its data
 */

/** @returns {Promise<number>} a free port */
function freePort() {
  return new Promise((done, failed) => {
    const probe = net.createServer();
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => done(port));
    });
  });
}

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Calls `look` until it returns something true.
 * @template T
 * @param {string} what
 * @param {() => Promise<T> | T} look
 * @param {number} [limit] milliseconds
 * @returns {Promise<NonNullable<T>>}
 */
export async function until(what, look, limit = 10_000) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${limit} ms`);
    await pause(50);
  }
}

/**
 * A server of the caller's own with the demo street in it. Takes, in this order: the running server at
 * `YISHITING_URL` (with `YISHITING_DATA`, its data folder); a copy of the filled folder `YISHITING_SEED`; an empty
 * folder, which the program fills first. The program is `YISHITING_BIN` or `target/debug/yishiting`.
 * @returns {Promise<Server>}
 */
export async function startServer() {
  const running = process.env.YISHITING_URL;
  if (running) {
    const accounts = readAccounts(process.env.YISHITING_DATA ?? path.join(HERE, '../../data/demo'));
    const none = async () => {};
    return { url: running.replace(/\/$/, ''), accounts, account: finder(accounts), stop: none, start: none, close: none };
  }

  const binary = process.env.YISHITING_BIN ?? path.join(HERE, '../../target/debug/yishiting');
  assert.ok(fs.existsSync(binary), `${binary} is not there: build it, or name it in YISHITING_BIN`);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'yishiting-browser-'));
  const data = path.join(folder, 'data');
  if (process.env.YISHITING_SEED) fs.cpSync(process.env.YISHITING_SEED, data, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = path.join(folder, 'log');
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;

  const start = async () => {
    const out = fs.openSync(log, 'a');
    const started = spawn(binary, ['demo', '--data', data, '--listen', `127.0.0.1:${port}`], {
      stdio: ['ignore', out, out],
    });
    fs.closeSync(out);
    child = started;
    await until(
      'the server',
      async () => {
        if (started.exitCode !== null) throw new Error(`the server ended:\n${fs.readFileSync(log, 'utf8').slice(-4000)}`);
        return fetch(`${url}/readyz`).then((answer) => answer.ok, () => false);
      },
      300_000,
    );
  };
  const stop = async () => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((done) => running.once('exit', done));
    running.kill('SIGTERM');
    const timer = setTimeout(() => running.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  };
  const close = async () => {
    await stop();
    fs.rmSync(folder, { recursive: true, force: true });
  };
  // A test file that is ended from outside takes its server with it.
  process.once('exit', () => child?.kill('SIGKILL'));

  try {
    await start();
  } catch (error) {
    await close();
    throw error;
  }
  const accounts = readAccounts(data);
  return { url, accounts, account: finder(accounts), stop, start, close };
}

/** @param {string} data @returns {Account[]} */
function readAccounts(data) {
  return JSON.parse(fs.readFileSync(path.join(data, 'demo-accounts.json'), 'utf8'));
}

/** @param {Account[]} accounts @returns {(office: string) => Account} */
function finder(accounts) {
  return (office) => {
    const found = accounts.find((entry) => entry.account === office || entry.office === office);
    assert.ok(found, `the demo has no account with the office ${office}`);
    return found;
  };
}

/**
 * The number of a matter that everybody may see: the first one that a public page links to.
 * @param {Server} server
 */
export async function publicNumber(server) {
  // The community that the demo's staff accounts work for; its matters are open to residents and to them.
  for (const page of ['/', '/public']) {
    const html = await fetch(server.url + page).then((answer) => answer.text());
    const found = /href="\/m\/(LY-[^"/?#]+)"/.exec(html);
    if (found?.[1]) return decodeURIComponent(found[1]);
  }
  throw new Error('no public page links a matter');
}

/**
 * The first and the last id of a kind that a public page links to, by the name that `pages.mjs` uses. A page may be that of a
 * name before it.
 * @type {[string, string, string, 'first' | 'last'][]}
 */
const LISTED = [
  ['poll', '/polls', 'polls', 'first'],
  ['counted', '/polls', 'polls', 'last'],
  ['sitting', '/councils', 'sittings', 'first'],
  ['held', '/councils', 'sittings', 'last'],
  ['council', '/councils', 'councils', 'first'],
  ['action', '/sittings/{held}', 'council-actions', 'first'],
  ['election', '/elections', 'elections', 'first'],
  ['chosen', '/elections', 'elections', 'last'],
  ['plan', '/plans', 'plans', 'first'],
  ['works', '/plans', 'plans', 'last'],
];

/**
 * What `{…}` stands for in the table of pages: the number of a public matter, ids of public polls and sittings.
 * @param {Server} server
 * @returns {Promise<(path: string) => string>}
 */
export async function addresses(server) {
  /** @type {Map<string, string>} */
  const known = new Map([['number', encodeURIComponent(await publicNumber(server))]]);
  /** @type {(path: string) => string} */
  const fill = (path) =>
    path.replace(/\{([a-z]+)\}/g, (_, name) => {
      const id = known.get(name);
      if (!id) throw new Error(`${path}: the demo has no ${name}`);
      return id;
    });
  for (const [name, list, kind, which] of LISTED) {
    const html = await fetch(server.url + fill(list)).then((answer) => answer.text());
    const ids = [...html.matchAll(new RegExp(`href="/${kind}/([0-9a-f-]{36})"`, 'g'))].map((m) => m[1] ?? '');
    const id = which === 'first' ? ids[0] : ids.at(-1);
    if (id) known.set(name, id);
  }
  return fill;
}

// --------------------------------------------------------------------------------------------- browser

/** @returns {Promise<Browser>} */
export function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROME ?? '/usr/bin/chromium', args: CHROME_FLAGS });
}

/**
 * Server and browser for one test file; call `close` in `after`.
 * @returns {Promise<{ server: Server, browser: Browser, close: () => Promise<void> }>}
 */
export async function stage() {
  const server = await startServer();
  try {
    const browser = await startBrowser();
    return {
      server,
      browser,
      close: async () => {
        await browser.close();
        await server.close();
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/**
 * @typedef {object} Visitor
 * @property {keyof typeof SIZES} [size]  default phone
 * @property {boolean} [script]   default true
 * @property {boolean} [elder]    large type
 * @property {string} [language]  zh-Hans, en, zh-Hant
 * @property {boolean} [bypassCSP]  only to run axe
 */

/**
 * A browser context as one person has it.
 * @param {Browser} browser
 * @param {Server} server
 * @param {Visitor} [visitor]
 * @returns {Promise<BrowserContext>}
 */
export async function visitorContext(browser, server, visitor = {}) {
  const { size = 'phone', script = true, elder = false, language, bypassCSP = false } = visitor;
  const context = await browser.newContext({
    baseURL: server.url,
    viewport: SIZES[size],
    locale: language === 'en' ? 'en-GB' : language === 'zh-Hant' ? 'zh-TW' : 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    javaScriptEnabled: script,
    hasTouch: size === 'phone' || size === 'small',
    reducedMotion: 'reduce',
    bypassCSP,
  });
  context.setDefaultTimeout(15_000);
  const cookie = (/** @type {string} */ name, /** @type {string} */ value) => ({ name, value, url: server.url });
  if (elder) await context.addCookies([cookie(COOKIES.elder, COOKIES.elderOn)]);
  if (language) await context.addCookies([cookie(COOKIES.language, language)]);
  return context;
}

/**
 * Signs in through the form, as a person does; works with and without script.
 * @param {Page} page
 * @param {Account} account
 */
export async function signIn(page, account) {
  await page.goto('/sign-in');
  await page.fill('main input[name="login"]', account.account);
  await page.fill('main input[name="password"]', account.password);
  await Promise.all([
    page.waitForURL((url) => url.pathname !== '/sign-in'),
    page.press('main input[name="password"]', 'Enter'),
  ]);
}

/**
 * Signs in once per server and office and hands the session to further contexts, so that a hundred page visits are
 * not a hundred sign-ins.
 * @type {WeakMap<Server, Map<string, Promise<import('playwright-core').Cookie[]>>>}
 */
const sessions = new WeakMap();

/**
 * Gives `context` the session of the demo account with this office.
 * @param {BrowserContext} context
 * @param {Server} server
 * @param {string} office
 */
export async function becomes(context, server, office) {
  const known = sessions.get(server) ?? new Map();
  sessions.set(server, known);
  if (!known.has(office)) {
    const first = async () => {
      const browser = context.browser();
      assert.ok(browser);
      const own = await visitorContext(browser, server);
      try {
        await signIn(await own.newPage(), server.account(office));
        const chosen = new Set([COOKIES.elder, COOKIES.language]);
        return (await own.cookies()).filter((entry) => !chosen.has(entry.name));
      } finally {
        await own.close();
      }
    };
    known.set(office, first());
  }
  await context.addCookies(await known.get(office));
}

// ---------------------------------------------------------------------------------------------- checks

/**
 * Watches a page for what must never happen: a request to another host, an error in the console, a breach of the
 * content security policy, an answer of 500 and above. Call before the first visit; returns the list, which grows.
 * @param {Page} page
 * @param {Server} server
 * @returns {string[]}
 */
export function watch(page, server) {
  /** @type {string[]} */
  const wrong = [];
  const own = new URL(server.url).origin;
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== own && !['data:', 'blob:', 'about:'].includes(url.protocol)) wrong.push(`leaves the host: ${request.url()}`);
  });
  // The browser's console also reports every refused asset, script error and breach of the policy.
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => wrong.push(`script: ${error.message}`));
  page.on('response', (response) => {
    if (response.status() >= 500) wrong.push(`${response.status()} ${response.url()}`);
  });
  return wrong;
}

const AXE = fs.readFileSync(path.join(HERE, 'node_modules/axe-core/axe.min.js'), 'utf8');
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];

/**
 * Everything that keeps the page from being accessible; the context needs `bypassCSP: true`. With `elder` also AAA
 * contrast, targets of at least 44 px, text of at least 18 px (the rules for 长辈版); else targets of at least 24 px.
 * @param {Page} page
 * @param {{ elder?: boolean }} [options]
 * @returns {Promise<string[]>}
 */
export async function accessProblems(page, { elder = false } = {}) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(
    async ([tags, large]) => {
      const axe = /** @type {any} */ (window).axe;
      const rules = { 'target-size': { enabled: true } };
      const first = await axe.run(document, { runOnly: { type: 'tag', values: tags }, rules, resultTypes: ['violations'] });
      const runs = [first];
      if (large) {
        // Tells only what meets AA and misses AAA; what misses both is told above.
        const enhanced = { type: 'rule', values: ['color-contrast-enhanced'] };
        runs.push(await axe.run(document, { runOnly: enhanced, resultTypes: ['violations'] }));
      }
      return runs.flatMap((run) => run.violations).map((/** @type {any} */ violation) => ({
        id: violation.id,
        nodes: violation.nodes.map((/** @type {any} */ node) => `${node.html.slice(0, 140)} | ${(node.any[0]?.message ?? node.failureSummary ?? '').slice(0, 200)}`),
      }));
    },
    /** @type {const} */ ([AXE_TAGS, elder]),
  );
  const found = violations.map((violation) => `${violation.id} ×${violation.nodes.length}: ${violation.nodes.slice(0, 3).join(' || ')}`);

  const small = await page.evaluate((min) => {
    // Text links inside a sentence, a cell or a heading are exempt (WCAG 2.5.8), and so is what is only there for
    // readers of the screen. A control inside a label counts with the label.
    const exempt = 'p, td, th, li p, dd, .crumb, .banner, h1, h2, h3, h4, .skip, .vh, [aria-hidden="true"]';
    const list = [];
    for (const element of document.querySelectorAll('a[href], button, select, input:not([type=hidden]), textarea, summary')) {
      const label = element.closest('label') ?? (element instanceof HTMLInputElement ? element.labels?.[0] : undefined);
      const own = element.getBoundingClientRect();
      const around = label?.getBoundingClientRect() ?? own;
      const width = Math.max(own.width, around.width);
      const height = Math.max(own.height, around.height);
      if (!own.width || !own.height || getComputedStyle(element).visibility === 'hidden') continue;
      if (element.closest(exempt) && !(element instanceof HTMLButtonElement)) continue;
      if (height < min - 0.5 || width < min - 0.5) list.push(`${element.outerHTML.slice(0, 90)} ${Math.round(width)}×${Math.round(height)}`);
    }
    return list;
  }, elder ? 44 : 24);
  found.push(...small.map((entry) => `small target: ${entry}`));

  if (elder) {
    const tiny = await page.evaluate(() => {
      const list = new Set();
      for (const element of document.querySelectorAll('body *')) {
        const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
        if (!own || element.closest('.vh, svg, script, style, noscript, template') || !element.getClientRects().length) continue;
        const size = parseFloat(getComputedStyle(element).fontSize);
        if (size < 17.9) list.add(`${element.tagName.toLowerCase()}.${element.className} ${size}px`);
      }
      return [...list];
    });
    found.push(...tiny.map((entry) => `small text: ${entry}`));
  }
  return found;
}

/** Fails when the page is not accessible. @param {Page} page @param {{ elder?: boolean }} [options] */
export async function axeClean(page, options = {}) {
  assert.deepEqual(await accessProblems(page, options), [], `accessibility of ${page.url()}`);
}

/**
 * What sticks out of the page to the right at these widths (CSS pixels).
 * @param {Page} page
 * @param {number[]} [widths]
 * @returns {Promise<string[]>}
 */
export async function overflowProblems(page, widths = [320, 390]) {
  const before = page.viewportSize();
  const found = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 844 });
    const wide = await page.evaluate(() => {
      const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      if (over <= 0) return null;
      const limit = document.documentElement.clientWidth;
      const who = [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > limit + 1)
        .slice(-3)
        .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`);
      return `${over} px too wide: ${who.join(', ')}`;
    });
    if (wide) found.push(`at ${width} px: ${wide}`);
  }
  if (before) await page.setViewportSize(before);
  return found;
}

/** Fails when the page is wider than a phone. @param {Page} page @param {number[]} [widths] */
export async function noOverflow(page, widths) {
  assert.deepEqual(await overflowProblems(page, widths), [], `width of ${page.url()}`);
}

/**
 * A picture of the whole page for people to look at.
 * @param {Page} page
 * @param {string} name without ending
 */
export async function shot(page, name) {
  fs.mkdirSync(OUT, { recursive: true });
  // What a reader would scroll to is in the picture too.
  await page.evaluate(() => Promise.all([...document.images].map((i) => ((i.loading = 'eager'), i.decode().catch(() => undefined)))));
  await page.screenshot({ path: path.join(OUT, `${name}.png`), fullPage: true, animations: 'disabled' });
}
