// @ts-check
// The checks themselves: a page with one fault of each kind, and every fault has to be found. A check that finds
// nothing anywhere would otherwise look like a clean product.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import { SIZES, accessProblems, overflowProblems, startBrowser, visitorContext, watch } from './support.mjs';

const GOOD = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>好</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><link rel="stylesheet" href="/good.css"></head>
<body><main><h1>议事亭</h1><p>一段文字</p><button>反映</button></main></body></html>`;
const BAD = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>坏</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><link rel="stylesheet" href="/bad.css"></head>
<body><main><h1>议事亭</h1><p class="pale">看不清的字</p><p class="mid">够一般的对比</p><p class="tiny">小字</p><button class="small">按</button>
<img src="/missing.png"><div class="wide">宽</div><p style="color:red">红</p><script>window.evil = 1</script>
<img alt="" src="http://127.0.0.2:9/elsewhere.png"></main></body></html>`;
/** @type {Record<string, [string, string]>} */
const FILES = {
  '/good': ['text/html', GOOD],
  '/bad': ['text/html', BAD],
  '/good.css': ['text/css', 'body{font:20px/1.6 sans-serif;color:#000;background:#fff}button{font:inherit;min-width:60px;min-height:60px}'],
  '/bad.css': ['text/css', 'body{font:20px/1.6 sans-serif}.pale{color:#bbb}.mid{color:#666}.tiny{font-size:12px}.small{padding:0;border:0;width:16px;height:16px;overflow:hidden}.wide{width:700px}'],
};

/** @type {http.Server} */
let site;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {import('./support.mjs').Server} */
let server;
before(async () => {
  site = http.createServer((request, response) => {
    const [type, body] = FILES[request.url ?? ''] ?? ['', ''];
    response.writeHead(type ? 200 : 404, { 'content-type': `${type}; charset=utf-8`, 'content-security-policy': "default-src 'self'; img-src * data:" });
    response.end(body);
  });
  await new Promise((done) => site.listen(0, '127.0.0.1', () => done(null)));
  const address = site.address();
  assert.ok(address && typeof address === 'object');
  const nothing = async () => {};
  server = {
    url: `http://127.0.0.1:${address.port}`,
    accounts: [],
    account: () => assert.fail('no accounts here'),
    start: nothing,
    stop: nothing,
    close: nothing,
  };
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  site?.closeAllConnections();
  site?.close();
});

/** @param {string} path @param {boolean} elder */
async function everything(path, elder) {
  const context = await visitorContext(browser, server, {});
  const plain = await context.newPage();
  const seen = watch(plain, server);
  await plain.goto(path);
  const wide = await overflowProblems(plain);
  assert.deepEqual(plain.viewportSize(), SIZES.phone, 'the size is as before');
  await context.close();

  const checker = await visitorContext(browser, server, { bypassCSP: true });
  const page = await checker.newPage();
  await page.goto(path);
  const access = await accessProblems(page, { elder });
  await checker.close();
  return { seen: seen.join('\n'), wide: wide.join('\n'), access: access.join('\n') };
}

test('a good page has no fault, in either type size', async () => {
  for (const elder of [false, true]) {
    assert.deepEqual(await everything('/good', elder), { seen: '', wide: '', access: '' });
  }
});

test('every fault of a bad page is found', async () => {
  const { seen, wide, access } = await everything('/bad', false);
  assert.match(seen, /leaves the host: http:\/\/127\.0\.0\.2:9\/elsewhere\.png/);
  assert.match(seen, /console: .*missing\.png|console: Failed to load resource.*404/);
  assert.match(seen, /console: .*style.*Content Security Policy/i);
  assert.match(seen, /console: .*script.*Content Security Policy/i);
  assert.match(wide, /at 320 px: \d+ px too wide: div\.wide/);
  assert.match(access, /^color-contrast ×/m);
  assert.match(access, /^image-alt ×/m);
  assert.match(access, /small target: <button class="small">/);
  assert.doesNotMatch(access, /small text/);
});

test('large type asks for more', async () => {
  const { access } = await everything('/bad', true);
  assert.match(access, /^color-contrast-enhanced ×/m);
  assert.match(access, /small text: p\.tiny 12px/);
});
