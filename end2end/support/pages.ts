import type { Page } from '@playwright/test';
import { ANSWERED_THEME, COMING_THEME, DRAFT_THEME, OPEN_THEME } from './fixtures.ts';

/** A page to look at: a name for the picture, and where it is (or how to get there). */
export interface Stop {
  name: string;
  path: string | ((page: Page) => Promise<string>);
  /** What to do there before looking. */
  then?: (page: Page) => Promise<void>;
}

const theme = `/consultations/${OPEN_THEME.slug}`;
const answered = `/consultations/${ANSWERED_THEME.slug}`;

/** The address behind the first link that fits on a page. */
const first = (on: string, selector: string) => async (page: Page) => {
  await page.goto(on);
  return (await page.locator(selector).first().getAttribute('href')) ?? '/missing-link';
};
const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole('main').getByRole('button', { name }).first().click();
  await page.waitForLoadState();
};

export const PUBLIC: Stop[] = [
  { name: 'home', path: '/' },
  { name: 'themes', path: '/consultations' },
  { name: 'themes-none', path: '/consultations?phase=coming&kind=public_comment' },
  { name: 'theme-open', path: theme },
  { name: 'theme-answered', path: answered },
  { name: 'theme-coming', path: `/consultations/${COMING_THEME.slug}` },
  { name: 'proposals', path: `${theme}/proposals` },
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
  { name: 'sign-up-errors', path: '/account/sign-up', then: press(/登録|確認/) },
  { name: 'sign-in', path: '/account/sign-in' },
  { name: 'sign-in-errors', path: '/account/sign-in', then: press('サインイン') },
  { name: 'reset', path: '/account/reset' },
  { name: 'confirm', path: '/account/confirm?email=hanako%40example.jp' },
  { name: 'reset-confirm', path: '/account/reset/confirm?email=hanako%40example.jp' },
  { name: 'not-found', path: '/nothing/here' },
];

export const RESIDENTS: Stop[] = [
  { name: 'proposals-signed-in', path: `${theme}/proposals?sort=likes` },
  { name: 'proposal-signed-in', path: first(`${theme}/proposals?sort=likes`, '.proposal-card__title a') },
  { name: 'proposal-new', path: `${theme}/proposals/new` },
  { name: 'proposal-new-errors', path: `${theme}/proposals/new`, then: press('投稿する') },
  { name: 'account', path: '/account' },
  { name: 'proposal-own', path: first('/account', 'main a[href*="/proposals/"]') },
  { name: 'forbidden', path: '/staff' },
];

const console_ = (title: string, part: string) => async (page: Page) => {
  await page.goto('/staff');
  const href = await page.getByRole('main').getByRole('link', { name: title }).first().getAttribute('href');
  const id = href?.match(/\/staff\/consultations\/(\d+)/)?.[1];
  return `/staff/consultations/${id}${part}`;
};

export const STAFF: Stop[] = [
  { name: 'staff', path: '/staff' },
  { name: 'staff-theme-new', path: '/staff/consultations/new' },
  { name: 'staff-theme', path: console_(OPEN_THEME.title, '') },
  { name: 'staff-theme-edit', path: console_(OPEN_THEME.title, '/edit') },
  { name: 'staff-preview', path: `/consultations/${DRAFT_THEME.slug}` },
  { name: 'staff-moderation', path: '/staff/moderation' },
  { name: 'staff-responses', path: console_(ANSWERED_THEME.title, '/responses') },
  { name: 'staff-responses-row', path: console_(ANSWERED_THEME.title, '/responses/rows/new') },
  { name: 'staff-audit', path: '/staff/audit' },
];

/** Goes there. */
export async function visit(page: Page, stop: Stop): Promise<void> {
  await page.goto(typeof stop.path === 'string' ? stop.path : await stop.path(page));
  await stop.then?.(page);
}
