// @ts-check
// The closed loop by its people: a resident raises a matter on a phone, every office does its part, the resident judges,
// it goes round again, and is found in the figures. With script and without.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { axeClean, becomes, shot, stage, visitorContext, watch } from './support.mjs';

/** @type {Awaited<ReturnType<typeof stage>>} */
let it;
before(async () => {
  it = await stage();
});
after(() => it?.close());

/** A small photo: one valid PNG of 64 by 48 pixels. */
const PHOTO = (() => {
  const [width, height] = [64, 48];
  const chunk = (/** @type {string} */ type, /** @type {Buffer} */ data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + width * 3), 0x60);
  for (let y = 0; y < height; y++) rows[y * (1 + width * 3)] = 0;
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([magic, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
})();

/** @param {Buffer} bytes CRC-32 as PNG wants it */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

/**
 * @param {string} office
 * @param {boolean} script
 * @param {'phone' | 'desktop'} [size]
 */
async function person(office, script, size = 'desktop') {
  const context = await visitorContext(it.browser, it.server, { script, size, bypassCSP: true });
  if (office) await becomes(context, it.server, office);
  const page = await context.newPage();
  const wrong = watch(page, it.server);
  return { context, page, wrong };
}

/**
 * Fills a verb's own page and sends it.
 * @param {import('playwright-core').Page} page
 * @param {string} number
 * @param {string} verb
 * @param {Record<string, string>} fields
 * @param {boolean} [photo]
 */
async function does(page, number, verb, fields, photo = false) {
  await page.goto(`/office/m/${number}/${verb}`);
  const form = page.locator(`form[action="/office/m/${number}/${verb}"]`);
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name="${name}"]`).first();
    const tag = await field.evaluate((e) => `${e.tagName} ${e.getAttribute('type') ?? ''}`.trim());
    if (tag.startsWith('SELECT')) await field.selectOption(value);
    else if (tag.endsWith('radio')) await form.locator(`[name="${name}"][value="${value}"]`).check({ force: true });
    else await field.fill(value);
  }
  if (photo) await form.locator('input[type=file]').setInputFiles({ name: 'after.png', mimeType: 'image/png', buffer: PHOTO });
  await Promise.all([page.waitForURL((u) => !u.pathname.endsWith(`/${verb}`)), form.locator('button.pri').click()]);
  await page.waitForSelector('.notice.ok');
}

/**
 * Presses a verb that is only a button.
 * @param {import('playwright-core').Page} page
 * @param {string} number
 * @param {string} verb
 */
async function presses(page, number, verb) {
  await page.goto(`/office/m/${number}`);
  await page.locator(`form[action="/office/m/${number}/${verb}"] button`).first().click();
  await page.waitForSelector('.notice.ok');
}

/**
 * @param {import('playwright-core').Page} page
 * @param {{contacted: string, solved: string, satisfied: string, words?: string}} verdict
 */
async function judges(page, verdict) {
  for (const name of /** @type {const} */ (['contacted', 'solved', 'satisfied'])) {
    await page.locator(`input[name="${name}"][value="${verdict[name]}"]`).check({ force: true });
  }
  if (verdict.words) await page.fill('textarea[name="words"]', verdict.words);
  await page.locator('form.form button.btn').last().click();
  await page.waitForSelector('.notice.ok');
}

for (const script of [true, false]) {
  const how = script ? 'with script' : 'without script';
  test(`the whole loop, ${how}`, async () => {
    // A resident without an account, on a phone.
    const resident = await person('', script, 'phone');
    let { page } = resident;
    await page.goto('/raise');
    if (script) await page.waitForSelector('html[data-ready="on"]');
    await page.fill('textarea[name="body"]', `三号楼二单元楼道灯不亮三天了，老人摸黑上下楼（${how}）`);
    await page.setInputFiles('input[name="photos"]', { name: 'lamp.png', mimeType: 'image/png', buffer: PHOTO });
    await page.locator('input[name="place"]').nth(1).check({ force: true });
    await page.fill('input[name="phone"]', '19900009999');
    await page.check('input[name="consent"]');
    await Promise.all([page.waitForURL('**/raise/done/**'), page.click('button.hot')]);
    const number = decodeURIComponent(new URL(page.url()).pathname.split('/').pop() ?? '');
    assert.match(number, /^LY-\d{4}-\d{6}$/);
    if (script) await axeClean(page);
    await shot(page, `loop-done-${script ? 'js' : 'nojs'}`);
    await page.goto(`/m/${number}`);
    assert.match((await page.textContent('main')) ?? '', /社区正在看您反映的事/);

    // The duty officer sorts it; the dispatcher gives it to the property company.
    const duty = await person('duty_officer', script);
    await does(duty.page, number, 'accept', { category: '0101', tier: 'autonomy' });
    const dispatcher = await person('dispatcher', script);
    await dispatcher.page.goto(`/office/m/${number}/dispatch`);
    const handlerUnit = await dispatcher.page
      .locator('select[name="lead"] option')
      .evaluateAll((list) => list.find((o) => /物业/.test(o.textContent ?? ''))?.getAttribute('value') ?? '');
    assert.ok(handlerUnit, 'a property company can be chosen');
    await does(dispatcher.page, number, 'dispatch', { lead: handlerUnit });

    // The unit works on a phone.
    const handler = await person('property', script, 'phone');
    await presses(handler.page, number, 'sign');
    await does(handler.page, number, 'contact', { reached: 'yes', words: '已电话联系，下午上门' });
    await does(handler.page, number, 'progress', { words: '灯头坏了，正在换' });
    await does(handler.page, number, 'finish', { outcome: 'solved', answer: '已更换声控灯，请查看' }, true);

    // Nobody checks the own work; a grid officer does.
    const refused = await handler.page.goto(`/office/m/${number}/check`);
    assert.equal(refused?.status(), 403);
    const officer = await person('grid_officer', script, 'phone');
    await does(officer.page, number, 'check', { finding: 'pass', words: '灯亮了' });

    // The resident says no: it goes round again; then yes.
    await page.goto(`/m/${number}/evaluate`);
    if (script) await axeClean(page);
    await shot(page, `loop-evaluate-${script ? 'js' : 'nojs'}`);
    await judges(page, { contacted: 'yes', solved: 'no', satisfied: 'dissatisfied', words: '晚上又不亮了' });
    assert.match((await page.textContent('main')) ?? '', /第 2 轮|重新办理/);
    await does(dispatcher.page, number, 'dispatch', { lead: handlerUnit });
    await presses(handler.page, number, 'sign');
    await does(handler.page, number, 'finish', { outcome: 'solved', answer: '换了线路，夜里试过' }, true);
    await does(duty.page, number, 'check', { finding: 'pass', words: '夜里去看过' });
    await page.goto(`/m/${number}/evaluate`);
    await judges(page, { contacted: 'yes', solved: 'yes', satisfied: 'satisfied' });
    assert.match((await page.textContent('main')) ?? '', /已办结/);

    // It is open again as long as the time for it runs, and found by staff and in public.
    await page.goto(`/m/${number}/reopen`);
    await page.fill('textarea[name="words"]', '又坏了');
    await page.locator('form.form button.btn').last().click();
    await page.waitForSelector('.notice.ok');
    await duty.page.goto(`/office/matters?q=${encodeURIComponent('摸黑上下楼')}`);
    assert.match((await duty.page.textContent('main')) ?? '', new RegExp(number));
    await shot(duty.page, `loop-worklist-${script ? 'js' : 'nojs'}`);

    for (const who of [resident, duty, dispatcher, handler, officer]) {
      assert.deepEqual(
        who.wrong.filter((w) => !/40[0-9]/.test(w)),
        [],
        'no console or policy errors',
      );
      await who.context.close();
    }
  });
}

test('an unfinished form is refused in words and keeps what was typed', async () => {
  const { page, context } = await person('', true, 'phone');
  await page.goto('/raise');
  await page.fill('input[name="spot"]', '地下一层');
  await page.click('button.hot');
  assert.match((await page.textContent('.error-summary')) ?? '', /至少有一样/);
  assert.equal(await page.inputValue('input[name="spot"]'), '地下一层');
  await axeClean(page);
  await context.close();
});

test('a matter hidden from the public does not exist for strangers', async () => {
  const duty = await person('duty_officer', false);
  await duty.page.goto('/office/register');
  await duty.page.fill('textarea[name="body"]', '邻居家里的私事，不便公开');
  await Promise.all([duty.page.waitForURL('**last=**'), duty.page.click('button.hot')]);
  const number = new URL(duty.page.url()).searchParams.get('last') ?? '';
  await does(duty.page, number, 'correct', { hidden: 'yes', words: '涉及隐私' });
  const stranger = await person('', false, 'phone');
  const answer = await stranger.page.goto(`/m/${number}`);
  assert.equal(answer?.status(), 404);
  await duty.context.close();
  await stranger.context.close();
});
