import { readFileSync } from 'node:fs';
import { ANSWERED_THEME, COMING_THEME, COMMENT_THEME, DRAFT_THEME, OPEN_THEME, expect, test, type Page } from '../support/fixtures.ts';

/** What anyone can read without an account. */

const theme = `/consultations/${OPEN_THEME.slug}`;
const answered = `/consultations/${ANSWERED_THEME.slug}`;

test('the front page leads to the open themes and loads no script', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveTitle(/みなも区 まちこえ/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
  await expect(page.getByRole('heading', { level: 1, name: 'あなたの声を、まちづくりに。' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: '募集中のテーマ' })).toBeVisible();
  await expect(page.locator('script')).toHaveCount(0);

  await page.getByRole('link', { name: '募集中のテーマを見る' }).click();
  await expect(page).toHaveURL(/\/consultations\?phase=open/);
  await page.getByRole('link', { name: OPEN_THEME.title }).click();
  await expect(page).toHaveURL(new RegExp(`${theme}$`));
});

test('the list of themes is filtered by state, kind and department', async ({ page }) => {
  await page.goto('/consultations');
  const results = page.locator('#results');
  // Other tests publish themes of their own: only the demonstration's are looked for.
  const shows = async (there: { title: string }[], not: { title: string }[]) => {
    for (const { title } of there) await expect(results.getByRole('heading', { level: 3, name: title })).toBeVisible();
    for (const { title } of not) await expect(results.getByText(title)).toHaveCount(0);
  };
  await shows([OPEN_THEME, ANSWERED_THEME, COMING_THEME], [DRAFT_THEME]);

  await page.getByLabel('募集の状況').selectOption({ label: '募集中' });
  await page.getByRole('button', { name: '絞り込む' }).click();
  await expect(page).toHaveURL(/phase=open/);
  await shows([OPEN_THEME], [ANSWERED_THEME, COMING_THEME]);
  await expect(page.getByLabel('募集の状況')).toHaveValue('open');

  await page.goto('/consultations?kind=public_comment');
  await shows([ANSWERED_THEME, COMMENT_THEME], [OPEN_THEME, COMING_THEME]);
  await page.getByLabel('担当課').selectOption({ label: '子ども若者課' });
  await page.getByRole('button', { name: '絞り込む' }).click();
  await expect(page).toHaveURL(/department=\d/);
  await expect(results).toContainText('条件に合うテーマはありません');
  await results.getByRole('link', { name: 'すべてのテーマを見る' }).click();
  await shows([OPEN_THEME, ANSWERED_THEME, COMING_THEME], [DRAFT_THEME]);
});

test('a theme page tells everything one needs to answer', async ({ page }) => {
  await page.goto(theme);
  const main = page.getByRole('main');
  await expect(main.getByRole('heading', { level: 1, name: OPEN_THEME.title })).toBeVisible();
  await expect(main.getByRole('heading', { name: '背景' })).toBeVisible();
  await expect(main.locator('.question-list > li')).toHaveCount(3);
  const facts = main.locator('dl.facts');
  await expect(facts).toContainText(/募集期間\s*令和\d+年\d+月\d+日（[日月火水木金土]）～/);
  await expect(facts).toContainText(/締切.*23時59分まで/);
  await expect(facts).toContainText('防災課');
  await expect(facts.getByRole('link', { name: '03-0000-1234' })).toHaveAttribute('href', 'tel:0300001234');
  await expect(facts).toContainText('区役所本庁舎4階 12番窓口');
  await expect(main.getByRole('link', { name: '意見を投稿する' })).toBeVisible();
  const cover = main.locator('img.theme__cover');
  if (await cover.count()) await expect(cover).toHaveAttribute('alt', /.{10,}/);
});

test('a coming theme says when it opens, a draft is not there', async ({ page }) => {
  await page.goto(`/consultations/${COMING_THEME.slug}`);
  await expect(page.getByRole('main')).toContainText('募集が始まると、ここから投稿できます。');
  await expect(page.getByRole('link', { name: '意見を投稿する' })).toHaveCount(0);

  const draft = await page.goto(`/consultations/${DRAFT_THEME.slug}`);
  expect(draft?.status()).toBe(404);
});

const shown = (page: Page) => page.locator('.proposal-list > li');
const total = async (page: Page) => Number((await page.locator('.result-count').innerText()).match(/\d+/)?.[0]);

test('proposals are sorted by time, by likes and at random', async ({ page }) => {
  await page.goto(theme);
  await page.getByRole('link', { name: /^意見を読む（\d+件）$/ }).click();
  await expect(page).toHaveURL(new RegExp(`${theme}/proposals$`));
  await expect(shown(page)).toHaveCount(20);
  expect(await total(page)).toBeGreaterThanOrEqual(40);

  const times = await page.locator('.proposal-card time').evaluateAll((list) => list.map((t) => Date.parse(t.getAttribute('datetime') ?? '')));
  expect(times).toEqual([...times].sort((a, b) => b - a));

  await page.getByLabel('並び順').selectOption({ label: 'いいねの多い順' });
  await page.getByRole('button', { name: '絞り込む' }).click();
  await expect(page).toHaveURL(/sort=likes/);
  await expect(shown(page)).toHaveCount(20);
  const likes = (await page.locator('.like__count').allInnerTexts()).map(Number);
  expect(likes).toEqual([...likes].sort((a, b) => b - a));
  expect(likes[0]).toBeGreaterThan(likes[19] ?? 0);

  // The order is drawn for a visit; the links of its pages carry it on, and it stays as it is.
  await page.goto(`${theme}/proposals?sort=random`);
  const next = (await page.getByRole('link', { name: '次を見る' }).getAttribute('href')) ?? '';
  const seed = new URL(next, page.url()).searchParams.get('seed');
  expect(seed).toMatch(/^\d+$/);
  const drawn = async () => {
    await page.goto(`${theme}/proposals?sort=random&seed=${seed}`);
    return page.locator('.proposal-card__title a').evaluateAll((list) => list.map((a) => a.getAttribute('href')));
  };
  expect(await drawn()).toEqual(await drawn());
});

for (const sort of ['newest', 'likes', 'random']) {
  test(`paging by ${sort} shows each proposal once`, async ({ page }) => {
    await page.goto(`${theme}/proposals?sort=${sort}`);
    const all = await total(page);
    const seen: string[] = [];
    for (let turn = 0; turn < 10; turn += 1) {
      // The places of hidden ones are not counted as opinions.
      seen.push(...(await shown(page).locator('.proposal-card').evaluateAll((list) => list.map((e) => e.id))));
      const next = page.getByRole('link', { name: '次を見る' });
      if (!(await next.count())) break;
      await next.click();
    }
    expect(seen.length).toBe(all);
    expect(new Set(seen).size).toBe(all);
    await page.getByRole('link', { name: '最初に戻る' }).click();
    await expect(shown(page)).toHaveCount(20);
  });
}

test('proposals are searched by words and by question', async ({ page }) => {
  await page.goto(`${theme}/proposals`);
  await page.getByLabel('言葉で探す').fill('燃料');
  await page.getByRole('button', { name: '絞り込む' }).click();
  await expect(page).toHaveURL(/q=/);
  await expect(shown(page).first()).toBeVisible();
  expect(await total(page)).toBeLessThan(40);

  await page.goto(theme);
  await page.locator('.question-list').getByRole('link', { name: /^この問いへの意見を読む/ }).nth(1).click();
  const questions = await page.locator('.proposal-card__question').allInnerTexts();
  expect(questions.length).toBeGreaterThan(3);
  expect(new Set(questions).size).toBe(1);
});

test('one proposal can be read by everybody and liked by nobody without an account', async ({ page }) => {
  await page.goto(`${theme}/proposals?sort=likes`);
  const card = page.locator('.proposal-card').first();
  const headline = await card.getByRole('heading').innerText();
  await expect(card.locator('.like')).toHaveAttribute('data-readonly', 'true');
  await expect(page.getByRole('link', { name: 'サインインすると「いいね」ができます' })).toBeVisible();
  await card.getByRole('link', { name: headline }).click();
  await expect(page.getByRole('heading', { level: 1, name: headline })).toBeVisible();
  await expect(page.locator('.proposal__meta time')).toBeVisible();
  await expect(page.getByRole('main').getByRole('button')).toHaveCount(0);
  await expect(page.locator('script')).toHaveCount(0);
});

test("the ward's view: cover, chapters, thirteen rows, shared answers", async ({ page }) => {
  await page.goto('/responses');
  await page.getByRole('link', { name: ANSWERED_THEME.title }).click();
  await page.getByRole('link', { name: 'ご意見と区の考え方を見る' }).click();
  await expect(page).toHaveURL(new RegExp(`${answered}/responses$`));

  const cover = page.locator('dl.cover-block');
  await expect(cover).toContainText('実施期間');
  await expect(cover).toContainText('応募方法');
  await expect(cover).toContainText(/延べ\d+件/);
  await expect(page.getByText('※ご意見については、趣旨を損なわない範囲で要約しています。')).toBeVisible();

  await expect(page.locator('section.chapter')).toHaveCount(4);
  await expect(page.locator('section.chapter h2').last()).toContainText('全般・その他');
  await expect(page.getByRole('rowheader')).toHaveCount(13);
  const numbers = await page.locator('section.chapter').evaluateAll((chapters) =>
    chapters.map((c) => [...c.querySelectorAll('tbody th')].map((th) => Number(th.textContent))),
  );
  for (const chapter of numbers) expect(chapter).toEqual(chapter.map((_, i) => i + 1));

  const shared = page.locator('td.response-table__answer[rowspan="2"]');
  await expect(shared).toHaveCount(2);
  await expect(shared.first()).toContainText(/No\.\d+・\d+ に共通の考え方です。/);
  await expect(page.locator('.disposition')).toHaveCount(11);

  const row = page.getByRole('rowheader').nth(3).getByRole('link');
  const anchor = await row.getAttribute('href');
  await row.click();
  await expect(page).toHaveURL(new RegExp(`${anchor}$`));
  await expect(page.locator(anchor ?? '')).toHaveCount(1);
});

/** A small reader for quoted CSV. */
function csv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[i + 1] === '"') [cell, i] = [`${cell}"`, i + 1];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',') [rows.at(-1)!.push(cell), (cell = '')];
    else if (c === '\n') {
      rows.at(-1)!.push(cell.replace(/\r$/, ''));
      cell = '';
      rows.push([]);
    } else cell += c;
  }
  return rows.filter((row) => row.length > 1);
}

test('the same table comes as CSV and as Excel', async ({ page, request }) => {
  const file = await request.get(`${answered}/responses.csv`);
  expect(file.status()).toBe(200);
  expect(file.headers()['content-type']).toMatch(/^text\/csv;\s*charset=utf-8/i);
  expect(file.headers()['content-disposition']).toMatch(/^attachment;.*filename/);
  expect(file.headers()['x-content-type-options']).toBe('nosniff');
  const bytes = await file.body();
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const rows = csv(bytes.subarray(3).toString('utf8'));
  expect(rows).toHaveLength(14);
  expect(rows[0]?.slice(7, 10)).toEqual(['章名', 'No', 'ご意見（要旨）']);
  expect(rows[0]).toContain('区の考え方');
  expect(new Set(rows.map((r) => r.length)).size).toBe(1);

  const sheet = await request.get(`${answered}/responses.xlsx`);
  expect(sheet.headers()['content-type']).toBe('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
  expect(sheet.headers()['content-disposition']).toMatch(/^attachment;.*\.xlsx/);
  expect((await sheet.body()).subarray(0, 2).toString()).toBe('PK');

  await page.goto(`${answered}/responses`);
  const first = await page.locator('.response-table__opinion').first().innerText();
  expect(rows[1]?.[9]).toContain(first.slice(0, 20));
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /^CSV（データ用・Excel/ }).click();
  const saved = await (await download).path();
  expect(readFileSync(saved).length).toBe(bytes.length);
});

test('an unknown receipt number is explained', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('navigation', { name: '主なメニュー' }).getByRole('link', { name: '受付番号の確認' }).click();
  await page.getByLabel('受付番号').fill('R8-AAAA-AAAA');
  await page.getByRole('button', { name: '状況を確認する' }).click();
  await expect(page.getByRole('alert')).toContainText('この受付番号は見つかりませんでした');
  await expect(page.getByLabel('受付番号')).toHaveValue('R8-AAAA-AAAA');
});

test('every page can be read in English, and the choice stays', async ({ page }) => {
  await page.goto('/consultations?phase=open');
  const language = (name: string) => page.getByRole('banner').getByRole('link', { name, exact: true });
  await page.getByRole('banner').locator('summary', { hasText: 'Language' }).click();
  await language('English').click();
  await expect(page).toHaveURL(/\/consultations\?phase=open/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('button', { name: 'Apply' })).toBeVisible();
  await page.getByRole('navigation', { name: 'Main menu' }).getByRole('link', { name: 'Our answers' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.getByRole('banner').locator('summary', { hasText: 'Language' }).click();
  await language('日本語').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
});

test('a page that is not there says so and leads on', async ({ page }) => {
  const response = await page.goto('/consultations/nothing-of-this-name');
  expect(response?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1, name: 'ページが見つかりません' })).toBeVisible();
  await page.getByRole('link', { name: 'トップページへ' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'あなたの声を、まちづくりに。' })).toBeVisible();

  const other = await page.goto('/no/such/path');
  expect(other?.status()).toBe(404);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('ページが見つかりません');
});

for (const path of ['/about', '/about/rules', '/about/privacy', '/about/accessibility']) {
  test(`${path} is there`, async ({ page }) => {
    const response = await page.goto(path);
    expect(response?.status()).toBe(200);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect((await page.getByRole('main').innerText()).length).toBeGreaterThan(200);
  });
}
