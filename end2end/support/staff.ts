import { expect, field, type Page } from './fixtures.ts';

/** What the departments' people do in the console, step by step. */

/** A day in Japan, some days from today, as 2026-04-01. */
export const day = (offset: number) => new Date(Date.now() + 9 * 3_600_000 + offset * 86_400_000).toISOString().slice(0, 10);

/** Chooses in a list or among radio buttons, whichever the form has. */
export async function choose(page: Page, name: string, label: string | RegExp): Promise<void> {
  const own = page.locator(`select#f-${name}`);
  const list = (await own.count()) ? own : page.locator(`select[name="${name}"]`);
  if (await list.count()) {
    const text = await list.locator('option').filter({ hasText: label }).first().innerText();
    await list.selectOption({ label: text });
  } else {
    const main = page.getByRole('main');
    await main.locator('label').filter({ has: page.locator(`input[name="${name}"]`), hasText: label }).locator('input').check();
  }
}

/** Presses a button of the page. */
export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('main').getByRole('button', { name, exact: true }).click();
}

/** The console's page of a theme, such as `/staff/consultations/7`. */
export async function themeDesk(page: Page, title: string): Promise<string> {
  await page.goto('/staff/consultations?department=all');
  const href = await page.getByRole('main').getByRole('link', { name: title }).getAttribute('href');
  if (!href) throw new Error(`no theme "${title}"`);
  return href;
}

export interface NewTheme {
  title: string;
  slug: string;
  /** Days from today. */
  opens: number;
  closes: number;
  preset?: RegExp;
}

/** Makes a theme as a draft; gives the console's page of it, such as `/staff/consultations/7`. */
export async function createTheme(page: Page, theme: NewTheme): Promise<string> {
  await page.goto('/staff');
  await page.getByRole('main').getByRole('link', { name: '新しいテーマ' }).click();
  await field(page, 'title').fill(theme.title);
  await field(page, 'slug').fill(theme.slug);
  await choose(page, 'kind', 'オープントーク');
  await choose(page, 'department', '防災課');
  await field(page, 'summary').fill('避難所の運営について、みなさんの声を聞かせてください。');
  await field(page, 'body').fill('## 背景\n\n**避難所**は、地域のみなさんと運営します。\n\n- 受付\n- 炊き出し');
  await field(page, 'methods').fill('このサイト');
  await field(page, 'opens_on').fill(day(theme.opens));
  await field(page, 'closes_on').fill(day(theme.closes));
  if (theme.preset) await choose(page, 'preset', theme.preset);
  await press(page, '保存する');
  await expect(page.getByRole('status').filter({ hasText: 'テーマを保存しました' })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Publishes a draft at once. */
export async function publishTheme(page: Page, desk: string): Promise<void> {
  await page.goto(desk);
  await press(page, '今すぐ公開する');
  await expect(page.getByRole('status').filter({ hasText: 'テーマを公開しました' })).toBeVisible();
}

/** Ends the period of a theme yesterday. */
export async function closeTheme(page: Page, desk: string): Promise<void> {
  await page.goto(`${desk}/edit`);
  await field(page, 'closes_on').fill(day(-1));
  await press(page, '保存する');
  await expect(page.getByRole('status').filter({ hasText: 'テーマを保存しました' })).toBeVisible();
}
