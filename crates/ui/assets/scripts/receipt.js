// @ts-check
// The page of a receipt: computes the proof once more in the browser, from the receipt file alone (docs/receipts.md).
//   [data-receipt=address of the file, data-event=code that was asked for, data-t-good data-t-half data-t-bad] with [data-text]

/** @typedef {{seal: number, entries: number, head: string, before: string, time: string, public_key: string, signature: string}} Seal */
/** @typedef {{format: string, event: string, leaf: number, path: string[], seal: Seal}} Receipt */

/** @param {string} hex */
const bytes = (hex) => new Uint8Array((hex.match(/../g) || []).map((d) => parseInt(d, 16)));
/** @param {Uint8Array} data */
const hex = (data) => Array.from(data, (b) => b.toString(16).padStart(2, '0')).join('');
/** SHA-256 over some pieces. @param {Uint8Array[]} parts */
async function sha(...parts) {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) { all.set(p, at); at += p.length; }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

/** Whether the path leads from the entry to the head (RFC 9162, 2.1.3.2). @param {Receipt} r */
export async function included(r) {
  const [zero, one] = [new Uint8Array([0]), new Uint8Array([1])];
  let [at, last] = [r.leaf, r.seal.entries - 1];
  if (!(at >= 0 && at <= last)) return false;
  let hash = await sha(zero, bytes(r.event));
  for (const step of r.path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = await sha(one, bytes(step), hash);
      while (at % 2 === 0 && at !== 0) { at /= 2; last = Math.floor(last / 2); }
    } else {
      hash = await sha(one, hash, bytes(step));
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && hex(hash) === r.seal.head;
}

/** Whether the seal is signed by its key; null where the browser has no Ed25519. @param {Seal} s @returns {Promise<boolean | null>} */
export async function signed(s) {
  const key = hex(await sha(bytes(s.public_key)));
  const text = `yishiting seal v1\nseal: ${s.seal}\nentries: ${s.entries}\nhead: ${s.head}\nbefore: ${s.before}\ntime: ${s.time}\nkey: ${key}\n`;
  let known;
  try {
    known = await crypto.subtle.importKey('raw', bytes(s.public_key), { name: 'Ed25519' }, false, ['verify']);
  } catch (e) { return null; }
  return crypto.subtle.verify({ name: 'Ed25519' }, known, bytes(s.signature), new TextEncoder().encode(text));
}

async function run() {
  const box = /** @type {HTMLElement | null} */ (document.querySelector('[data-receipt]'));
  const text = box && box.querySelector('[data-text]');
  // Browsers compute hashes only on secure pages; without it the server's word stands alone, as it does without script.
  if (!box || !text || !self.crypto || !crypto.subtle) return;
  let state = 'bad';
  try {
    const answer = await fetch(box.dataset.receipt || '', { cache: 'no-store' });
    if (!answer.ok) return;
    const receipt = /** @type {Receipt} */ (await answer.json());
    if (receipt.format === 'yishiting-receipt-v1' && receipt.event === box.dataset.event && await included(receipt)) {
      const by = await signed(receipt.seal);
      state = by === null ? 'half' : by ? 'good' : 'bad';
    }
  } catch (e) {
    // No network is no verdict.
    if (e instanceof TypeError) return;
  }
  box.classList.add(state === 'bad' ? 'late' : 'ok');
  text.textContent = (state === 'good' ? box.dataset.tGood : state === 'half' ? box.dataset.tHalf : box.dataset.tBad) || '';
  box.hidden = false;
}
run();
