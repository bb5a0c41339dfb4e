// @ts-check
// Every page of the table: answers, stays on its own host, breaks no policy, is accessible in both type sizes on phone
// and desktop, fits a narrow phone, speaks every language, and works without script.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HTML_LANG, LANGUAGES, PAGES } from './pages.mjs';
import { accessProblems, addresses, becomes, overflowProblems, shot, stage, visitorContext, watch } from './support.mjs';

/** @typedef {import('./support.mjs').Visitor} Visitor */
/** @typedef {import('./pages.mjs').Page} Listed */

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
 * Opens a page of the table in a context of its own and calls `look`.
 * @param {Listed} listed
 * @param {Visitor} visitor
 * @param {(page: import('playwright-core').Page, problems: string[]) => Promise<void>} look
 */
async function visit(listed, visitor, look) {
  const context = await visitorContext(it.browser, it.server, visitor);
  try {
    if (listed.as) await becomes(context, it.server, listed.as);
    const page = await context.newPage();
    const problems = watch(page, it.server);
    const path = address(listed.path);
    const answer = await page.goto(path);
    if (answer?.status() !== 200) problems.push(`answers ${answer?.status()}`);
    if (new URL(page.url()).pathname !== new URL(path, it.server.url).pathname) problems.push(`leads to ${page.url()}`);
    await look(page, problems);
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
  }
}

for (const listed of PAGES) {
  for (const size of /** @type {const} */ (['phone', 'desktop'])) {
    for (const elder of [false, true]) {
      const kind = `${size}${elder ? ' large type' : ''}`;
      test(`${listed.name}, ${kind}: own host, accessible, fits`, async () => {
        // First as people have it, with the content security policy in force …
        await visit(listed, { size, elder }, async (page, problems) => {
          problems.push(...(await overflowProblems(page, size === 'phone' ? [320, 390] : [1440])));
          if (elder && !(await page.evaluate(() => document.documentElement.classList.contains('elder')))) {
            problems.push('is not in large type');
          }
          await shot(page, `${listed.name}-${size}${elder ? '-elder' : ''}`);
        });
        // … then without it, because the checker brings a script of its own.
        await visit(listed, { size, elder, bypassCSP: true }, async (page, problems) => {
          problems.push(...(await accessProblems(page, { elder })));
        });
      });
    }
  }

  test(`${listed.name}: readable without script`, async () => {
    await visit(listed, { script: false }, async (page, problems) => {
      if (!(await page.title())) problems.push('has no title');
      if (!(await page.locator('main h1').count())) problems.push('has no heading');
    });
  });

  test(`${listed.name}: in every language, nothing left untranslated`, async () => {
    for (const language of LANGUAGES) {
      await visit(listed, { language }, async (page, problems) => {
        const spoken = await page.getAttribute('html', 'lang');
        if (spoken !== HTML_LANG[language]) problems.push(`${language}: html lang is ${spoken}`);
        // A message that was not found is shown by its key.
        const text = await page.locator('body').innerText();
        const keys = text.match(/No localization for id[^\n]*/g) ?? [];
        problems.push(...keys.map((key) => `${language}: ${key}`));
      });
    }
  });
}

test('an unknown address is a page of our own with the status 404', async () => {
  const context = await visitorContext(it.browser, it.server);
  try {
    const page = await context.newPage();
    const answer = await page.goto('/no-such-page');
    assert.equal(answer?.status(), 404);
    assert.ok((await page.locator('main').innerText()).trim(), 'says something');
    assert.ok(await page.locator('a[href="/"]').count(), 'leads home');
  } finally {
    await context.close();
  }
});

test('every page forbids script from elsewhere and framing', async () => {
  for (const path of ['/', '/raise', '/sign-in']) {
    const headers = (await fetch(it.server.url + path)).headers;
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'self'|default-src 'none'/, path);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval|https?:|\*/, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
  }
});
