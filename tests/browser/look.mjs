import { OUT, becomes, shot, stage, visitorContext } from '/work/main/tests/browser/support.mjs';
const it = await stage();
const list = process.argv.slice(2).map((s) => s.split('|'));
for (const [name, path, as, kind] of list) {
  const v = { 'phone-elder': { elder: true }, phone: {}, desktop: { size: 'desktop' }, 'desktop-elder': { size: 'desktop', elder: true } }[kind];
  const c = await visitorContext(it.browser, it.server, v);
  if (as) await becomes(c, it.server, as);
  const p = await c.newPage();
  let to = path;
  if (path.includes('>')) { const [from, pat] = path.split('>'); await p.goto(from); to = await p.locator(`a[href^="${pat}"]`).first().getAttribute('href'); }
  await p.goto(to);
  await shot(p, `look-${name}-${kind}`);
  await c.close();
}
console.log(OUT);
await it.close();
