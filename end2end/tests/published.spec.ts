import { ANSWERED_THEME, COMMENT_THEME, DESK_THEME, OPEN_THEME, expect, signIn, test, type Page } from '../support/fixtures.ts';

/** What was published, as everybody reads it. */

const path = `/consultations/${ANSWERED_THEME.slug}/responses`;
const numbers = (page: Page) => page.getByRole('rowheader').locator('a').evaluateAll((list) => list.map((a) => a.getAttribute('href')));

test('the table is narrowed to a chapter and a 対応区分, and shown whole again', async ({ page }) => {
  await page.goto(path);
  const all = await numbers(page);
  expect(all.length).toBe(13);
  const chapter = page.getByRole('search').getByLabel('章');
  const names = (await chapter.locator('option').allInnerTexts()).slice(1);
  expect(names.length).toBe(4);
  await chapter.selectOption({ index: 2 });
  await page.getByRole('button', { name: '絞り込む' }).click();
  await expect(page).toHaveURL(/chapter=\d+/);
  await expect(page.locator('.narrowed')).toContainText(`「${names[1]}」`);
  await expect(page.locator('section.chapter')).toHaveCount(1);
  const some = await numbers(page);
  expect(some.length).toBeLessThan(13);
  expect(all).toEqual(expect.arrayContaining(some));
  await page.getByRole('search').getByLabel('対応区分').selectOption({ index: 1 });
  await page.getByRole('button', { name: '絞り込む' }).click();
  await expect(page).toHaveURL(/disposition=/);
  await expect(page.locator('.narrowed')).toContainText('かつ');
  await expect.poll(async () => (await numbers(page)).length).toBeLessThan(some.length);
  await page.getByRole('link', { name: 'すべて表示する' }).click();
  await expect.poll(() => numbers(page)).toEqual(all);
});

test('a link to a row leads to that row, whatever else is asked for', async ({ page }) => {
  await page.goto(path);
  const link = page.getByRole('rowheader').nth(7).getByRole('link');
  const anchor = (await link.getAttribute('href')) ?? '';
  const row = page.getByRole('row').filter({ has: page.locator(anchor) });
  const text = await row.locator('.response-table__opinion').innerText();
  const id = anchor.replace(/\D/g, '');
  await page.goto(`${path}?row=${id}&disposition=nothing${anchor}`);
  await expect(row).toContainText(text.slice(0, 30));
  await expect(page.locator(anchor)).toBeInViewport();
  // An unknown version is not taken for the newest.
  for (const version of ['9', 'x', '0']) expect((await page.request.get(`${path}?version=${version}`)).status(), version).toBe(404);
});

const FILES: [string, RegExp, string][] = [
  ['PDF（印刷用）', /^application\/pdf$/, '%PDF'],
  ['Word（編集用）', /wordprocessingml\.document$/, 'PK'],
  ['Excel（印刷・集計用）', /spreadsheetml\.sheet$/, 'PK'],
  ['テキスト（音声読み上げ用）', /^text\/plain;\s*charset=utf-8$/i, '\u{feff}'],
  ['CSV（データ用・Excelで開く場合）', /^text\/csv;\s*charset=utf-8/i, '\u{feff}'],
  ['CSV（データ用・UTF-8）', /^text\/csv;\s*charset=utf-8/i, ''],
  ['JSON（データ用）', /^application\/json/, '{'],
];

test('every download opens with its type and says the same', async ({ page }) => {
  test.slow();
  await page.goto(path);
  const text = (await page.locator('.response-table__opinion').first().innerText()).trim();
  for (const [name, type, start] of FILES) {
    const href = (await page.getByRole('link', { name, exact: true }).getAttribute('href')) ?? '';
    const file = await page.request.get(href, { timeout: 60_000 });
    expect(file.status(), name).toBe(200);
    expect(file.headers()['content-type'], name).toMatch(type);
    expect(file.headers()['content-disposition'], name).toMatch(/^attachment;.*filename/);
    const body = await file.body();
    expect(body.subarray(0, 8).toString('utf8').startsWith(start), name).toBe(true);
    // Both kinds of CSV and the others as text say what the page says.
    if (/テキスト|CSV|JSON/.test(name)) expect(body.toString('utf8'), name).toContain(text.slice(0, 20));
  }
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'PDF（印刷用）' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.pdf$/);
});

test('the versions: what was corrected and why, the older one as it was, in every format', async ({ page }) => {
  await page.goto(path);
  const history = page.getByRole('region', { name: '正誤の履歴' });
  await expect(history).toContainText('誤りがあったため訂正しました');
  const table = page.locator('#results');
  await expect(table).toContainText('約8,400ページ');
  await history.getByRole('link', { name: /^第1版/ }).click();
  await expect(page.getByRole('status').filter({ hasText: '以前の版（第1版）を表示しています' })).toBeVisible();
  await expect(table).toContainText('約9,400ページ');
  await expect(page.locator('meta[name=robots]')).toHaveAttribute('content', /noindex/);
  const href = (await page.getByRole('link', { name: 'JSON（データ用）' }).getAttribute('href')) ?? '';
  expect(await (await page.request.get(href)).text()).toContain('約9,400ページ');
  await page.getByRole('link', { name: '最新の版を見る' }).click();
  await expect(table).toContainText('約8,400ページ');
  await expect(page.locator('meta[name=robots]')).toHaveCount(0);
});

test('what changed in the draft and what was promised, with the way to the rows', async ({ page }) => {
  await page.goto(path);
  const changes = page.locator('section.annex').filter({ has: page.locator('#plan-changes') });
  await expect(changes.locator('ins').first()).toBeVisible();
  const link = changes.getByRole('link', { name: /^No\.\d+-\d+$/ }).first();
  const anchor = ((await link.getAttribute('href')) ?? '').replace(/^[^#]*/, '');
  await link.click();
  await expect(page).toHaveURL(new RegExp(`${anchor}$`));
  await expect(page.locator(anchor)).toBeInViewport();

  await page.getByRole('link', { name: '取組の進み具合を見る' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '約束の進みぐあい' })).toBeVisible();
  await expect(page.locator('.commitment')).toHaveCount(2);
  const kept = page.locator('.commitment').filter({ hasText: '実施しました' });
  await expect(kept).toContainText('62件すべての点検を終え');
  await expect(kept.locator('.commitment__report')).toHaveCount(2);
  await kept.getByRole('link', { name: 'この約束をした区の考え方を見る' }).click();
  await expect(page).toHaveURL(/responses\?row=\d+#/);
  await expect(page.locator(`[id="${new URL(page.url()).hash.slice(1)}"]`)).toBeInViewport();
});

test('on paper: the table with its headings on every page, and nothing to press', async ({ page, isMobile }) => {
  test.skip(isMobile, 'printed from a desk');
  await page.goto(path);
  await page.emulateMedia({ media: 'print' });
  for (const away of ['.filters', '.downloads', '.breadcrumb', '.site-nav']) {
    for (const part of await page.locator(away).all()) await expect(part, away).toBeHidden();
  }
  const table = page.locator('.response-table').first();
  await expect(table).toBeVisible();
  expect(await table.locator('thead').evaluate((e) => getComputedStyle(e).display)).toBe('table-header-group');
  await expect(page.getByRole('rowheader')).toHaveCount(13);
  await expect(page.locator('dl.cover-block')).toBeVisible();
});

test('the years: every theme with its figures, as files too', async ({ page }) => {
  await page.goto('/responses');
  const year = page.getByRole('link', { name: /の実施状況$/ }).first();
  await year.click();
  await expect(page).toHaveURL(/\/responses\/years\/\d{4}$/);
  const rows = page.getByRole('table').getByRole('row');
  expect(await rows.count()).toBeGreaterThan(1);
  for (const [name, start] of [['CSV（データ用）', '\u{feff}'], ['Excel（集計用）', 'PK'], ['テキスト（音声読み上げ用）', '\u{feff}']]) {
    const href = (await page.getByRole('link', { name, exact: true }).getAttribute('href')) ?? '';
    const file = await page.request.get(href);
    expect(file.status(), name).toBe(200);
    expect((await file.body()).subarray(0, 4).toString('utf8').startsWith(start ?? ''), name).toBe(true);
  }
  await page.getByRole('table').getByRole('rowheader').first().getByRole('link').click();
  await expect(page).toHaveURL(/\/consultations\//);
  expect((await page.goto('/responses/years/1999'))?.status()).not.toBe(500);
});

test('following a theme: first one signs in, and it can be ended', async ({ page }) => {
  await page.goto(`/consultations/${COMMENT_THEME.slug}`);
  await page.getByRole('link', { name: 'サインインして、このテーマのお知らせを受け取る' }).click();
  await expect(page).toHaveURL(/sign-in/);
  await signIn(page, 'resident25@example.jp');
  await page.goto(`/consultations/${COMMENT_THEME.slug}`);
  await page.getByRole('button', { name: 'このテーマのお知らせを受け取る' }).click();
  await expect(page).toHaveURL(/#follow$/);
  await page.goto('/account');
  await expect(page.getByRole('link', { name: COMMENT_THEME.title })).toBeVisible();
  await page.goto(`/consultations/${COMMENT_THEME.slug}/follow`);
  await expect(page.getByRole('main')).toContainText('お知らせを受け取る設定になっています。');
  await page.getByRole('button', { name: 'お知らせの受け取りをやめる' }).click();
  await expect(page.getByRole('main')).toContainText('お知らせは受け取っていません。');
});

test('what is not published is not there, in no format', async ({ page }) => {
  for (const slug of [OPEN_THEME.slug, COMMENT_THEME.slug, DESK_THEME.slug]) {
    for (const part of ['responses', 'responses.csv', 'responses.json', 'responses.pdf', 'responses.xlsx', 'responses.docx', 'responses.txt', 'commitments']) {
      expect((await page.request.get(`/consultations/${slug}/${part}`)).status(), `${slug}/${part}`).toBe(404);
    }
  }
});
