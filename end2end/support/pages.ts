import {
  ADMIN,
  ANSWERED_THEME,
  APPROVER,
  AUDITOR,
  CLERK,
  COMING_THEME,
  DRAFT_THEME,
  OPEN_THEME,
  RESIDENT,
  field,
  type Page,
} from './fixtures.ts';

/** A page to look at: a name for the picture, and where it is (or how to get there). */
export interface Stop {
  name: string;
  path: string | ((page: Page) => Promise<string>);
  /** What to do there before looking. */
  then?: (page: Page) => Promise<void>;
}

/** Somebody with the pages that only they see, or see differently. */
export interface Person {
  who: string;
  /** Whom to sign in; nobody for a visitor. */
  email?: string;
  stops: Stop[];
}

const theme = `/consultations/${OPEN_THEME.slug}`;
const answered = `/consultations/${ANSWERED_THEME.slug}`;

/** The address behind the first link that fits on a page. */
const first = (on: string, selector: string, more = '') => async (page: Page) => {
  await page.goto(on);
  const href = await page.locator(selector).first().getAttribute('href');
  if (!href) throw new Error(`no ${selector} on ${on}`);
  return `${href}${more}`;
};
const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole('main').getByRole('button', { name }).first().click();
  await page.waitForLoadState();
};
/** Opens everything that can be opened. */
const open = (page: Page) => page.getByRole('main').locator('details').evaluateAll((list) => list.forEach((d) => d.setAttribute('open', '')));

const VISITOR: Stop[] = [
  { name: 'home', path: '/' },
  { name: 'language-menu', path: '/', then: (page) => page.getByRole('banner').locator('summary').click() },
  { name: 'themes', path: '/consultations' },
  { name: 'themes-none', path: '/consultations?phase=coming&kind=public_comment' },
  { name: 'theme-open', path: theme },
  { name: 'theme-answered', path: answered },
  { name: 'theme-coming', path: `/consultations/${COMING_THEME.slug}` },
  { name: 'proposals', path: `${theme}/proposals` },
  { name: 'proposals-second-page', path: first(`${theme}/proposals`, '.pager a[rel=next]') },
  { name: 'proposals-none', path: `${theme}/proposals?q=%E3%83%8C%E3%83%8C%E3%83%8C` },
  { name: 'proposal', path: first(`${theme}/proposals?sort=likes`, '.proposal-card__title a') },
  { name: 'responses', path: `${answered}/responses` },
  { name: 'responses-none', path: '/consultations/bunka/responses' },
  { name: 'responses-index', path: '/responses' },
  { name: 'receipts', path: '/receipts' },
  { name: 'receipts-unknown', path: '/receipts?number=R8-AAAA-AAAA' },
  { name: 'about', path: '/about' },
  { name: 'rules', path: '/about/rules' },
  { name: 'privacy', path: '/about/privacy' },
  { name: 'accessibility', path: '/about/accessibility' },
  { name: 'sign-up', path: '/account/sign-up' },
  { name: 'sign-up-errors', path: '/account/sign-up', then: press('確認コードを受け取る') },
  { name: 'sign-in', path: '/account/sign-in' },
  { name: 'sign-in-errors', path: '/account/sign-in', then: press('サインイン') },
  { name: 'signed-out', path: '/account/sign-in?notice=signed-out' },
  { name: 'reset', path: '/account/reset' },
  { name: 'reset-errors', path: '/account/reset', then: press('確認コードを受け取る') },
  { name: 'confirm', path: '/account/confirm?email=hanako%40example.jp' },
  { name: 'confirm-errors', path: '/account/confirm?email=hanako%40example.jp', then: press('確認する') },
  { name: 'confirm-plain', path: '/account/confirm' },
  { name: 'reset-confirm', path: '/account/reset/confirm?email=hanako%40example.jp' },
  { name: 'reset-confirm-errors', path: '/account/reset/confirm', then: press('パスワードを変更する') },
  { name: 'invitation', path: '/account/invitation?account=1&token=x' },
  { name: 'invitation-dead', path: '/account/invitation' },
  { name: 'error-mistyped', path: `${theme}/proposals/x` },
  { name: 'error-404', path: '/nothing/here' },
  { name: 'error-405', path: '/account/sign-out' },
];

const RESIDENTS: Stop[] = [
  { name: 'proposals-signed-in', path: `${theme}/proposals?sort=likes` },
  { name: 'proposal-signed-in', path: first(`${theme}/proposals`, '.proposal-card__title a') },
  { name: 'proposal-new', path: `${theme}/proposals/new` },
  { name: 'proposal-new-errors', path: `${theme}/proposals/new`, then: press('投稿する') },
  { name: 'account', path: '/account' },
  { name: 'account-welcome', path: '/account?notice=welcome' },
  {
    name: 'account-errors',
    path: '/account',
    then: async (page) => {
      await field(page, 'display_name').fill('');
      await press('変更を保存する')(page);
    },
  },
  { name: 'proposal-own', path: first('/account', 'main a[href*="/proposals/"]') },
  { name: 'proposal-withdraw', path: first('/account', 'main a[href*="/proposals/"]', '/withdraw') },
  { name: 'receipt', path: first('/account', 'main a[href^="/receipts/"]') },
  { name: 'error-403', path: '/staff' },
  // Liked already: it can't be changed any more.
  { name: 'error-409', path: first('/account', 'main a[href*="/proposals/"]', '/edit') },
];

const desk = (title: string, part: string) => async (page: Page) => {
  await page.goto('/staff/consultations?department=all');
  const href = await page.getByRole('main').getByRole('link', { name: title }).getAttribute('href');
  return `${href}${part}`;
};
const inDesk = (title: string, selector: string) => async (page: Page) => first(await desk(title, '/responses')(page), selector)(page);

const WRITERS: Stop[] = [
  { name: 'dashboard', path: '/staff' },
  { name: 'themes', path: '/staff/consultations?department=all' },
  { name: 'theme-new', path: '/staff/consultations/new' },
  { name: 'theme-new-errors', path: '/staff/consultations/new', then: press('保存する') },
  { name: 'theme', path: desk(OPEN_THEME.title, '') },
  { name: 'theme-edit', path: desk(OPEN_THEME.title, '/edit') },
  { name: 'theme-proposals', path: desk(OPEN_THEME.title, '/proposals') },
  { name: 'proposal', path: first('/staff/moderation', '.queue-item .proposal-card__title a'), then: open },
  {
    name: 'proposal-errors',
    path: first('/staff/moderation', '.queue-item .proposal-card__title a'),
    then: async (page) => {
      await open(page);
      await press('非表示にする')(page);
    },
  },
  { name: 'desk', path: desk(OPEN_THEME.title, '/responses') },
  { name: 'desk-preview', path: desk(OPEN_THEME.title, '/responses/preview') },
];

const ADMINS: Stop[] = [
  { name: 'dashboard', path: '/staff' },
  { name: 'themes-none', path: '/staff/consultations?department=all&phase=review' },
  { name: 'draft', path: desk(DRAFT_THEME.title, '') },
  { name: 'draft-errors', path: desk(DRAFT_THEME.title, ''), then: press('この日時に公開する') },
  { name: 'draft-cover-errors', path: desk(DRAFT_THEME.title, ''), then: press('画像を保存する') },
  { name: 'draft-document-errors', path: desk(DRAFT_THEME.title, ''), then: press('資料を追加する') },
  { name: 'draft-preview', path: desk(DRAFT_THEME.title, '/preview') },
  { name: 'theme-answered', path: desk(ANSWERED_THEME.title, ''), then: open },
  { name: 'moderation', path: '/staff/moderation' },
  { name: 'moderation-none', path: '/staff/moderation?state=hidden&q=%E3%83%8C%E3%83%8C' },
  { name: 'desk', path: desk(ANSWERED_THEME.title, '/responses') },
  { name: 'desk-open', path: desk(ANSWERED_THEME.title, '/responses'), then: open },
  { name: 'desk-errors', path: desk(ANSWERED_THEME.title, '/responses'), then: press('章を追加する') },
  { name: 'desk-preview', path: desk(ANSWERED_THEME.title, '/responses/preview') },
  { name: 'row-new', path: inDesk(ANSWERED_THEME.title, 'a[href*="/rows/new?chapter"]') },
  { name: 'row', path: inDesk(ANSWERED_THEME.title, '.desk-row__actions > a') },
  { name: 'row-errors', path: inDesk(ANSWERED_THEME.title, 'a[href*="/rows/new?chapter"]'), then: press('保存する') },
  { name: 'audit', path: '/staff/audit' },
];

const READERS: Stop[] = [
  { name: 'dashboard', path: '/staff' },
  { name: 'theme', path: desk(OPEN_THEME.title, '') },
  { name: 'theme-proposals', path: desk(OPEN_THEME.title, '/proposals') },
  { name: 'desk', path: desk(ANSWERED_THEME.title, '/responses') },
  { name: 'audit', path: '/staff/audit' },
  { name: 'audit-none', path: '/staff/audit?action=staff.add' },
  { name: 'account', path: '/account' },
];

export const PEOPLE: Person[] = [
  { who: 'visitor', stops: VISITOR },
  { who: 'resident', email: RESIDENT, stops: RESIDENTS },
  { who: 'clerk', email: CLERK, stops: WRITERS },
  { who: 'approver', email: APPROVER, stops: WRITERS.filter((s) => ['dashboard', 'theme', 'desk'].includes(s.name)) },
  { who: 'admin', email: ADMIN, stops: ADMINS },
  { who: 'auditor', email: AUDITOR, stops: READERS },
];

/** Goes there. */
export async function visit(page: Page, stop: Stop): Promise<void> {
  await page.goto(typeof stop.path === 'string' ? stop.path : await stop.path(page));
  await stop.then?.(page);
}
