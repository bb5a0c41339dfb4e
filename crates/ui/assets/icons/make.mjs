// @ts-check
// Makes icons.svg from the names in icons.txt:  node make.mjs PATH/TO/lucide-static
// The look (no fill, 2 px round strokes in the colour of the text) stands in base.css, so that a symbol carries only its shape.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const from = process.argv[2];
const names = fs.readFileSync(path.join(here, 'icons.txt'), 'utf8').split(/\s+/).filter(Boolean);
const symbols = names.map((name) => {
  const svg = fs.readFileSync(path.join(from, 'icons', name + '.svg'), 'utf8');
  const shape = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>')).replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>').trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${shape}</symbol>`;
});
fs.writeFileSync(path.join(here, 'icons.svg'), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`);
