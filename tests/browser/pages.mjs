// @ts-check
// The pages that every general check visits: answers, own origin only, accessible in both type sizes, no overflow,
// pictures. A new page is a new line here.

/**
 * @typedef {object} Page
 * @property {string} name    picture's and test's name
 * @property {string} path    address; `{number}`, `{poll}`, `{counted}`, `{sitting}`, `{held}`, `{election}`, `{chosen}`, `{plan}`, `{works}`, `{action}` become those of the demo
 * @property {string} [as]    demo office that has signed in (default: nobody)
 */

/** @type {Page[]} */
export const PAGES = [
  { name: 'home', path: '/' },
  { name: 'home-resident', path: '/', as: 'resident' },
  { name: 'raise', path: '/raise' },
  { name: 'follow', path: '/follow' },
  { name: 'public', path: '/public' },
  { name: 'matter', path: '/m/{number}' },
  { name: 'join', path: '/m/{number}/join' },
  { name: 'sign-in', path: '/sign-in' },
  { name: 'receipt', path: '/receipt' },
  { name: 'councils', path: '/councils' },
  { name: 'council', path: '/councils/{council}' },
  { name: 'council-outcomes', path: '/councils/outcomes' },
  { name: 'council-motions', path: '/councils/{council}/motions', as: 'community_secretary' },
  { name: 'receptions', path: '/receptions' },
  { name: 'own-duties', path: '/duties', as: 'community_secretary' },
  { name: 'sitting', path: '/sittings/{sitting}' },
  { name: 'sitting-held', path: '/sittings/{held}' },
  { name: 'sitting-wall', path: '/sittings/{sitting}/screen' },
  { name: 'plans', path: '/plans' },
  { name: 'plan', path: '/plans/{plan}', as: 'resident' },
  { name: 'plan-works', path: '/plans/{works}' },
  { name: 'action-done', path: '/council-actions/{action}', as: 'neighbour' },
  { name: 'polls', path: '/polls', as: 'resident' },
  { name: 'poll', path: '/polls/{poll}', as: 'resident' },
  { name: 'poll-counted', path: '/polls/{counted}' },
  { name: 'elections', path: '/elections' },
  { name: 'election', path: '/elections/{election}', as: 'resident' },
  { name: 'election-chosen', path: '/elections/{chosen}' },
  { name: 'seals', path: '/seals' },
  { name: 'seal-paper', path: '/seals/1' },
  { name: 'privacy', path: '/privacy' },
  { name: 'offline', path: '/offline' },
  { name: 'mine', path: '/mine', as: 'resident' },
  { name: 'inbox', path: '/inbox', as: 'resident' },
  { name: 'account', path: '/account', as: 'resident' },
  { name: 'my-information', path: '/me/information', as: 'resident' },
  { name: 'consent', path: '/me/consent', as: 'resident' },
  { name: 'duties', path: '/office/duties', as: 'community_secretary' },
  { name: 'duties-requests', path: '/office/duties/requests', as: 'community_secretary' },
  { name: 'office', path: '/office', as: 'dispatcher' },
  { name: 'office-duty', path: '/office', as: 'duty_officer' },
  { name: 'office-handler', path: '/office', as: 'unit_handler' },
  { name: 'office-matters', path: '/office/matters?part=all', as: 'street_supervisor' },
  { name: 'office-matter', path: '/office/m/{number}', as: 'duty_officer' },
  { name: 'office-note', path: '/office/m/{number}/note', as: 'duty_officer' },
  { name: 'office-correct', path: '/office/m/{number}/correct', as: 'duty_officer' },
  { name: 'office-slip', path: '/office/m/{number}/paper/slip', as: 'duty_officer' },
  { name: 'office-councils', path: '/office/councils', as: 'community_secretary' },
  { name: 'office-council-new', path: '/office/councils/new', as: 'community_secretary' },
  { name: 'office-council', path: '/office/councils/{council}', as: 'community_secretary' },
  { name: 'office-promised', path: '/office/councils/promised', as: 'community_secretary' },
  { name: 'office-rota', path: '/office/councils/{council}/rota', as: 'community_secretary' },
  { name: 'office-sitting', path: '/office/sittings/{sitting}', as: 'community_secretary' },
  { name: 'office-sitting-held', path: '/office/sittings/{held}', as: 'community_secretary' },
  { name: 'office-sitting-paper', path: '/office/sittings/{held}/paper', as: 'community_secretary' },
  { name: 'office-plans', path: '/office/plans', as: 'community_secretary' },
  { name: 'office-plan-new', path: '/office/plans/new', as: 'community_secretary' },
  { name: 'office-plan', path: '/office/plans/{plan}', as: 'community_secretary' },
  { name: 'office-plan-works', path: '/office/plans/{works}', as: 'community_secretary' },
  { name: 'office-polls', path: '/office/polls', as: 'community_secretary' },
  { name: 'office-poll-new', path: '/office/polls/new', as: 'community_secretary' },
  { name: 'office-poll', path: '/office/polls/{poll}', as: 'community_secretary' },
  { name: 'office-poll-counted', path: '/office/polls/{counted}', as: 'community_secretary' },
  { name: 'office-poll-heads', path: '/office/polls/{poll}/heads', as: 'community_secretary' },
  { name: 'office-poll-head', path: '/office/polls/{poll}/heads/1', as: 'community_secretary' },
  { name: 'office-poll-paper', path: '/office/polls/{counted}/paper', as: 'community_secretary' },
  { name: 'office-poll-ballots', path: '/office/polls/{poll}/ballots', as: 'community_secretary' },
  { name: 'office-elections', path: '/office/elections', as: 'community_secretary' },
  { name: 'office-election-new', path: '/office/elections/new', as: 'community_secretary' },
  { name: 'office-election', path: '/office/elections/{election}', as: 'community_secretary' },
  { name: 'office-election-chosen', path: '/office/elections/{chosen}', as: 'community_secretary' },
  { name: 'office-election-paper', path: '/office/elections/{election}/paper', as: 'community_secretary' },
  { name: 'register', path: '/office/register', as: 'duty_officer' },
  { name: 'import', path: '/office/import', as: 'community_secretary' },
  { name: 'settings', path: '/office/settings', as: 'street_supervisor' },
  { name: 'figures', path: '/office/figures', as: 'street_supervisor' },
  { name: 'places', path: '/office/places', as: 'system_admin' },
  { name: 'people', path: '/office/people', as: 'system_admin' },
  { name: 'offices', path: '/office/people/offices', as: 'security_admin' },
  { name: 'units', path: '/office/units', as: 'system_admin' },
];

/**
 * What `<html lang>` says in each language.
 * @type {Record<string, string>}
 */
export const HTML_LANG = { 'zh-Hans': 'zh-CN', en: 'en', 'zh-Hant': 'zh-TW' };

/** Languages that every page speaks, as the language cookie names them. */
export const LANGUAGES = ['zh-Hans', 'en', 'zh-Hant'];
