import { CLERK, expect, field, post, signIn, signOut, unique, type Locator, type Page } from './fixtures.ts';
import { choose, closeTheme, createTheme, press, publishTheme } from './staff.ts';

/** What staff do on the response desk, step by step. */

/** An opinion that a resident sends. */
export interface Opinion {
  by: string;
  title: string;
  body: string;
}

export interface Theme {
  title: string;
  slug: string;
  /** The console's page of it, such as `/staff/consultations/7`. */
  desk: string;
}

/** Says that something was done. */
export const said = (page: Page, text: string | RegExp) => expect(page.getByRole('status').filter({ hasText: text }).first()).toBeVisible();

/** A theme of the 防災課 whose period is over, with opinions in it. Signs the clerk in on this page. */
export async function closedTheme(page: Page, newPerson: () => Promise<Page>, opinions: Opinion[], title = 'みんなで考えるテーマ'): Promise<Theme> {
  const theme = { title: `${title} ${unique()}`, slug: `desk-${unique()}` };
  await signIn(page, CLERK);
  const desk = await createTheme(page, { ...theme, opens: -10, closes: 5 });
  await publishTheme(page, desk);
  const resident = await newPerson();
  let signedIn = '';
  for (const opinion of opinions) {
    if (signedIn !== opinion.by) {
      if (signedIn) await signOut(resident);
      await signIn(resident, opinion.by);
      signedIn = opinion.by;
    }
    await post(resident, theme.slug, opinion.title, opinion.body);
  }
  await resident.context().close();
  await closeTheme(page, desk);
  return { ...theme, desk };
}

/** Opens a disclosure. */
export const unfold = (page: Page, summary: string | RegExp) => page.getByRole('main').locator('summary').filter({ hasText: summary }).first().click();

/** One of the figures in the strip of the desk. */
export async function figure(page: Page, name: string): Promise<number> {
  const text = await page.locator('.desk-figure').filter({ has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd').innerText();
  return Number(text);
}

/** The card of an opinion on the desk. */
export const card = (page: Page, words: string): Locator => page.locator('.source-item').filter({ hasText: words });

/** The row of this number, such as 1-2. */
export const row = (page: Page, name: string): Locator => page.getByRole('article', { name: `No.${name}`, exact: true });

/** A chapter of the outline. */
export const chapter = (page: Page, title: string): Locator =>
  page.locator('.desk-chapter').filter({ has: page.getByRole('heading', { level: 3, name: title }) });

/** Adds a chapter. */
export async function addChapter(page: Page, desk: string, title: string): Promise<void> {
  await page.goto(`${desk}/responses`);
  await field(page, 'chapter_title').fill(title);
  await press(page, '章を追加する');
  // It has no number before it has a row.
  await expect(page.locator('.desk-chapter__title').filter({ hasText: title }).first()).toBeVisible();
}

/** Marks opinions on the desk. */
export async function mark(page: Page, ...words: string[]): Promise<void> {
  for (const each of words) await card(page, each).getByRole('checkbox').check();
}

export interface NewRow {
  /** Words of the opinion that the row gathers. */
  opinion: string;
  text: string;
  /** Empty for none yet. */
  answer: string;
  disposition?: string;
  /** The chapter's title; the first one without it. */
  chapter?: string;
}

/** Makes a row of one opinion; its answer is settled when there is one. Ends on the row's page, and gives its address. */
export async function addRow(page: Page, desk: string, row: NewRow): Promise<string> {
  await page.goto(`${desk}/responses`);
  await card(page, row.opinion).getByRole('link', { name: /^この意見から行を作る/ }).click();
  if (row.chapter) await choose(page, 'chapter', row.chapter);
  await field(page, 'text').fill(row.text);
  await field(page, 'answer').fill(row.answer);
  if (row.disposition) await choose(page, 'disposition', row.disposition);
  await press(page, row.answer ? '回答を確定する' : '下書きのまま保存');
  await said(page, '保存しました');
  return new URL(page.url()).pathname;
}

/** Opens a row's page from the desk. */
export async function openRow(page: Page, desk: string, name: string): Promise<void> {
  await page.goto(`${desk}/responses`);
  await row(page, name).getByRole('link', { name: /^編集する/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`No.${name} の要旨と区の考え方`);
}

/** A line of the checks on the page of decision and publication. */
export const checkLine = (page: Page, words: string): Locator => page.locator('.check').filter({ hasText: words });

/** The row of the published table that an address leads to. */
export const targeted = (page: Page, address: string): Locator =>
  page.getByRole('row').filter({ has: page.locator(`[id="${new URL(address).hash.slice(1)}"]`) });

/** Confirms every 要旨 that waits for it, from the checks: by somebody who has written none of them. */
export async function confirmAll(page: Page, desk: string): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    await page.goto(`${desk}/approval`);
    const open = checkLine(page, '別の職員の確認が済んでいない要旨').getByRole('link', { name: /^No\./ });
    if ((await open.count()) === 0) return;
    await open.first().click();
    await press(page, '要旨を確認しました');
    await said(page, '要旨を確認しました');
  }
  throw new Error('there are always more to confirm');
}

/** 起案. */
export async function putUp(page: Page, desk: string, note = ''): Promise<void> {
  await page.goto(`${desk}/approval`);
  await field(page, 'note').fill(note);
  await page.getByRole('main').getByRole('button', { name: /^(起案する|変わった内容で起案し直す)$/ }).click();
  await said(page, '起案しました');
}

/** 確認, 決裁 or whatever the step is called. */
export async function approve(page: Page, desk: string, step: string, comment = ''): Promise<void> {
  await page.goto(`${desk}/approval`);
  await field(page, 'comment').fill(comment);
  await press(page, `承認する（${step}）`);
  await said(page, '承認しました');
}

/** 公表, at once; a correction has its reason. */
export async function publish(page: Page, desk: string, reason = ''): Promise<void> {
  await page.goto(`${desk}/approval`);
  if (reason) await field(page, 'reason').fill(reason);
  await page.getByRole('radio', { name: '今すぐ公表する' }).check();
  await press(page, '公表する');
  await said(page, '公表しました');
}
