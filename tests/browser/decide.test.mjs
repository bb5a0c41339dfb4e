// @ts-check
// From an agenda to a counted vote to an owned, dated action: the chair's desktop, the wall and a phone; and a ballot cast on
// a phone in large type, with script and without.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addresses, axeClean, becomes, shot, stage, until, visitorContext, watch } from './support.mjs';

/** @type {Awaited<ReturnType<typeof stage>>} */
let it;
/** @type {(path: string) => string} */
let address;
before(async () => {
  it = await stage();
  address = await addresses(it.server);
});
after(() => it?.close());

/**
 * @param {string} office
 * @param {import('./support.mjs').Visitor} visitor
 */
async function person(office, visitor) {
  const context = await visitorContext(it.browser, it.server, { bypassCSP: true, ...visitor });
  if (office) await becomes(context, it.server, office);
  const page = await context.newPage();
  return { context, page, wrong: watch(page, it.server) };
}

/**
 * Fills and sends the form of an act.
 * @param {import('playwright-core').Page} page
 * @param {string} act
 * @param {Record<string, string>} [fields] `*` is the first choice of a list
 * @param {string} [within] where the form stands
 */
async function does(page, act, fields = {}, within = '') {
  const form = page.locator(`${within} form[action$="/${act}"]`).first();
  await form.evaluate((e) => e.closest('details')?.setAttribute('open', ''));
  for (const [name, value] of Object.entries(fields)) {
    const field = form.locator(`[name="${name}"]`).first();
    const tag = await field.evaluate((e) => e.tagName);
    if (tag === 'SELECT' && value === '*') await field.selectOption((await field.locator('option:not([value=""])').first().getAttribute('value')) ?? '');
    else if (tag === 'SELECT') await field.selectOption(value);
    else await field.fill(value);
  }
  await Promise.all([page.waitForNavigation(), form.locator('button').first().click()]);
  await page.waitForSelector('.notice.ok');
}

/** A time of today or tomorrow as forms take it. @param {number} minutes from now */
function local(minutes) {
  return new Date(Date.now() + (minutes + 8 * 60) * 60_000).toISOString().slice(0, 16);
}

/**
 * A sitting of the pavilion with one item to decide, noticed for now.
 * @param {import('playwright-core').Page} page the secretary's
 * @param {string} title
 */
async function noticed(page, title) {
  await page.goto('/office/councils');
  await page.locator('a[href^="/office/councils/"]:not([href$="/new"])').filter({ hasText: '议事亭' }).first().click();
  // Each sitting at a place of its own: nobody sits in two at a time.
  await does(page, 'sittings', { venue: title, starts: local(2), ends: local(62) });
  await does(page, 'add-item', { title, kind: 'decide', minutes: '20' });
  await does(page, 'notice', { urgent: '连日大雨，今天就要定' });
  return new URL(page.url()).pathname.split('/').pop() ?? '';
}

/** Seven come, the sitting begins, its item is called. @param {import('playwright-core').Page} page the secretary's */
async function begun(page) {
  await does(page, 'open');
  for (let n = 0; n < 7; n++) await does(page, 'come');
  await does(page, 'begin');
  await does(page, 'call');
}

test('the chair runs a sitting; wall and phone follow', async () => {
  const chair = await person('community_secretary', { size: 'desktop' });
  const { page } = chair;
  const id = await noticed(page, '楼前停车划线');
  const wall = await person('', { size: 'desktop' });
  await wall.page.goto(`/sittings/${id}/screen`);
  const phone = await person('', { size: 'phone', elder: true });
  await phone.page.goto(`/sittings/${id}`);
  await begun(page);
  // Both hear of it by themselves.
  const told = (/** @type {import('playwright-core').Page} */ p, /** @type {RegExp} */ words) =>
    until(`${words}`, async () => words.test(await p.locator('main').innerText()));
  await told(wall.page, /楼前停车划线/);
  await told(phone.page, /楼前停车划线/);
  await does(page, 'vote', { motion: '在楼前划 8 个车位。' });
  await told(wall.page, /在楼前划 8 个车位/);
  await shot(wall.page, 'decide-wall');
  await does(page, 'count', {
    first_yes: '5', first_no: '1', first_abstain: '1', second_yes: '5', second_no: '1', second_abstain: '1',
  });
  await told(phone.page, /通过/);
  await shot(phone.page, 'decide-phone-elder');
  const owner = await page.locator('form[action$="/action"] select[name="owner"] option').nth(1).getAttribute('value');
  await does(page, 'action', { what: '划线并张贴车位图', owner: owner ?? '', due: local(60 * 24 * 20).slice(0, 10) });
  await axeClean(page);
  await does(page, 'close');
  await does(page, 'draft');
  await does(page, 'sign');
  const second = await person('duty_officer', { size: 'desktop' });
  await second.page.goto(`/office/sittings/${id}`);
  await does(second.page, 'sign');
  await page.goto(`/office/sittings/${id}`);
  await does(page, 'publish');
  await phone.page.goto(`/sittings/${id}`);
  const text = await phone.page.locator('main').innerText();
  assert.match(text, /划线并张贴车位图/);
  assert.match(text, /在楼前划 8 个车位/);
  for (const who of [chair, wall, phone, second]) {
    assert.deepEqual(who.wrong, []);
    await who.context.close();
  }
});

for (const script of [true, false]) {
  test(`an amendment is put before its motion, ${script ? 'with script' : 'without script'}`, async () => {
    const { context, page, wrong } = await person('community_secretary', { size: 'desktop', script });
    const id = await noticed(page, script ? '充电棚建在哪里' : '晾衣架装在哪里');
    const wall = await person('', { size: 'desktop', script });
    await begun(page);
    await does(page, 'move-motion', { motion: '建在北门，用公共收益。', sponsor: '*' });
    await does(page, 'second', { seconder: '*' });
    await does(page, 'debate');
    await does(page, 'amend', { motion: '建在南门，用公共收益。', sponsor: '*' });
    await does(page, 'second', { seconder: '*' }, '.amendment');
    await does(page, 'debate', {}, '.amendment');
    if (script) {
      await axeClean(page);
      await shot(page, 'decide-amendment');
    }
    const votes = { first_yes: '6', first_no: '1', first_abstain: '0', second_yes: '6', second_no: '1', second_abstain: '0' };
    await does(page, 'put', {}, '.amendment');
    await does(page, 'count', votes);
    await does(page, 'put');
    await does(page, 'count', votes);
    // What everybody reads is the text as it was amended.
    await wall.page.goto(`/sittings/${id}/screen`);
    assert.match(await wall.page.locator('main').innerText(), /建在南门/);
    await wall.page.goto(`/sittings/${id}`);
    assert.match(await wall.page.locator('main').innerText(), /通过/);
    await does(page, 'close');
    for (const who of [{ context, wrong }, wall]) {
      assert.deepEqual(who.wrong, []);
      await who.context.close();
    }
  });
}

for (const [how, script, office] of /** @type {const} */ ([['with script', true, 'resident'], ['without script', false, 'neighbour']])) {
  test(`a ballot on a phone in large type, ${how}`, async () => {
    const { context, page, wrong } = await person(office, { size: 'phone', elder: true, script });
    await page.goto(address('/polls/{poll}'));
    const before = await page.locator('main').innerText();
    if (!/您的选票/.test(before) || /您不在这次表决的名册上/.test(before)) {
      // Whoever is not on the roll is told what to do.
      assert.match(before, /带证件找社区工作人员核对/);
    } else {
      const form = page.locator('form[action$="/vote"]').first();
      await form.locator('input[name="mark"]').first().check({ force: true });
      await Promise.all([page.waitForNavigation(), form.locator('button').click()]);
      assert.match(await page.locator('main').innerText(), /您投的是/);
    }
    if (script) await axeClean(page, { elder: true });
    await shot(page, `decide-ballot-${script ? 'script' : 'plain'}`);
    assert.deepEqual(wrong, []);
    await context.close();
  });
}

test('anybody takes the file of a result with them', async () => {
  const answer = await fetch(it.server.url + address('/polls/{counted}/result.json'));
  assert.equal(answer.status, 200);
  const file = await answer.json();
  assert.equal(file.format, 'yishiting-recount 1');
  assert.ok(file.roll.startsWith('yishiting-roll 1\n') && file.outcome.verdict);
});

/** A roll with everybody's telephone of the demo: fictional numbers, counted up. */
const ROLL = ['房号,业主,面积,电话', ...Array.from({ length: 200 }, (_, n) => `${n + 1},住户${n + 1},80,1990000${String(n + 1).padStart(4, '0')}`)];

/** @typedef {{ name: string, shape: string, secret?: boolean, options?: string, most?: string, places?: string, rule?: string, vote: (page: import('playwright-core').Page) => Promise<void>, shown: RegExp }} Kind */

/** @type {(page: import('playwright-core').Page, name: string, value: string) => Promise<void>} */
const pick = (page, name, value) => page.locator(`form[action$="/vote"] input[name="${name}"][value="${value}"]`).check({ force: true });

/** @type {Kind[]} */
const KINDS = [
  { name: 'sides', shape: 'sides', rule: 'consultation', vote: (p) => pick(p, 'side', 'no'), shown: /您投的是：反对/ },
  { name: 'owners', shape: 'owners', vote: (p) => pick(p, 'side', 'yes'), shown: /您投的是：同意/ },
  { name: 'marks', shape: 'marks', options: '长椅\n花坛\n棋桌', most: '2', vote: async (p) => { await pick(p, 'mark', '1'); await pick(p, 'mark', '3'); }, shown: /您投的是：长椅、棋桌/ },
  { name: 'approval', shape: 'marks', options: '长椅\n花坛\n棋桌', vote: async (p) => { for (const n of ['1', '2', '3']) await pick(p, 'mark', n); }, shown: /您投的是：长椅、花坛、棋桌/ },
  { name: 'ranking', shape: 'ranking', options: '长椅\n花坛\n棋桌', vote: async (p) => { for (const [n, place] of [['1', '2'], ['2', '1']]) await p.selectOption(`select[name="rank_${n}"]`, place ?? ''); }, shown: /您投的是/ },
  { name: 'secret', shape: 'sides', secret: true, rule: 'consultation', vote: (p) => pick(p, 'side', 'yes'), shown: /没有任何地方记着您投了什么/ },
  { name: 'election', shape: 'election', secret: true, options: '甲\n乙\n丙', places: '2', rule: 'plurality', vote: async (p) => { await pick(p, 'mark', '1'); await pick(p, 'mark', '2'); }, shown: /没有任何地方记着您投了什么/ },
];

test('a vote of every kind, from the desk to the phone, with script and without', async () => {
  const desk = await person('community_secretary', { size: 'desktop' });
  /** @type {Map<Kind, string>} */
  const polls = new Map();
  for (const kind of KINDS) {
    await desk.page.goto('/office/polls/new');
    await desk.page.locator(`input[name="shape"][value="${kind.shape}"]`).check({ force: true });
    if (kind.secret) await desk.page.locator('input[name="secret"]').check({ force: true });
    /** @type {Record<string, string>} */
    const fields = { title: `每种表决：${kind.name}`, text: '请大家表决。' };
    for (const name of /** @type {const} */ (['options', 'most', 'places'])) if (kind[name]) fields[name] = kind[name] ?? '';
    await does(desk.page, 'polls/new', fields);
    const rule = kind.rule ?? (await desk.page.locator('select[name="rule"] option').evaluateAll((all) => all.map((o) => o.getAttribute('value')).find(Boolean))) ?? '';
    await does(desk.page, 'rule', { rule });
    await does(desk.page, 'roll', { lines: ROLL.join('\n') });
    await does(desk.page, 'notice', { opens: local(1), closes: local(120), urgent: '汛期前要定，街道同意缩短公告' });
    polls.set(kind, new URL(desk.page.url()).pathname.replace('/office', ''));
  }
  for (const [who, script] of /** @type {const} */ ([['resident', true], ['neighbour', false]])) {
    const { context, page, wrong } = await person(who, { size: 'phone', elder: script, script });
    for (const [kind, path] of polls) {
      await until(`${kind.name} opens`, async () => {
        await page.goto(path);
        return (await page.locator('form[action$="/vote"]').count()) > 0;
      }, 120_000);
      if (script) {
        await axeClean(page, { elder: true });
        await shot(page, `decide-kind-${kind.name}`);
      }
      await kind.vote(page);
      await Promise.all([page.waitForNavigation(), page.locator('form[action$="/vote"] button').first().click()]);
      assert.match(await page.locator('main').innerText(), kind.shown, kind.name);
    }
    assert.deepEqual(wrong, []);
    await context.close();
  }
  // At the desk it is seen that two took part, never what they said.
  for (const path of polls.values()) {
    await desk.page.goto(`/office${path}`);
    assert.match(await desk.page.locator('main').innerText(), /2/);
  }
  assert.deepEqual(desk.wrong, []);
  await desk.context.close();
});
