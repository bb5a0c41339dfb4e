// @ts-check
// The pages that every general check visits: answers, own origin only, accessible in both type sizes, no overflow,
// pictures. A new page is a new line here.

/**
 * @typedef {object} Page
 * @property {string} name    picture's and test's name
 * @property {string} path    address; `{number}` becomes the number of a matter that everybody may see
 * @property {string} [as]    demo office that has signed in (default: nobody)
 */

/** @type {Page[]} */
export const PAGES = [
  { name: 'home', path: '/' },
  { name: 'raise', path: '/raise' },
  { name: 'public', path: '/public' },
  { name: 'matter', path: '/m/{number}' },
  { name: 'sign-in', path: '/sign-in' },
  { name: 'mine', path: '/mine', as: 'resident' },
  { name: 'office', path: '/office', as: 'dispatcher' },
];

/**
 * What `<html lang>` says in each language.
 * @type {Record<string, string>}
 */
export const HTML_LANG = { 'zh-Hans': 'zh-CN', en: 'en', 'zh-Hant': 'zh-TW' };

/** Languages that every page speaks, as the language cookie names them. */
export const LANGUAGES = ['zh-Hans', 'en', 'zh-Hant'];
