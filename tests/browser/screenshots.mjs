// @ts-check
// Writes pictures of every page of the table: phone and desktop, standard and large type, and the English home.
// `cargo xtask screenshots` runs it.
import { LANGUAGES, PAGES } from './pages.mjs';
import { OUT, addresses, becomes, shot, stage, visitorContext } from './support.mjs';

const it = await stage();
try {
  const address = await addresses(it.server);
  /** @type {[string, import('./support.mjs').Visitor][]} */
  const visitors = [
    ['phone', {}],
    ['desktop', { size: 'desktop' }],
    ['phone-elder', { elder: true }],
    ['desktop-elder', { size: 'desktop', elder: true }],
    ...LANGUAGES.slice(1).map((language) => /** @type {[string, import('./support.mjs').Visitor]} */ ([`phone-${language}`, { language }])),
  ];
  for (const [kind, visitor] of visitors) {
    for (const listed of PAGES) {
      const context = await visitorContext(it.browser, it.server, visitor);
      if (listed.as) await becomes(context, it.server, listed.as);
      const page = await context.newPage();
      await page.goto(address(listed.path));
      await shot(page, `${listed.name}-${kind}`);
      await context.close();
    }
  }
  console.log(`pictures are in ${OUT}`);
} finally {
  await it.close();
}
