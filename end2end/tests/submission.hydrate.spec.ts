import { COMMENT_THEME, expect, field, hydrated, test, unique } from '../support/fixtures.ts';

/** What JavaScript adds to the form of a public comment: what is typed is kept while it is typed, without any button. */

const form = `/consultations/${COMMENT_THEME.slug}/proposals/new`;

test('what is typed is kept while typing and comes back, in every box and field', async ({ page, context }) => {
  const text = `ボタンを押さずに残る意見 ${unique()}\n二行目`;
  await page.goto(form);
  await hydrated(page);
  await field(page, 'text1').fill(text);
  await field(page, 'place1').selectOption({ index: 3 });
  await page.getByRole('radio', { name: '区内の学校に通っている' }).check();
  await field(page, 'school').fill('みなも工科大学');
  await field(page, 'email').fill('half@');
  await expect(page.locator('.autosave')).toContainText('入力内容を保存しました', { timeout: 8_000 });
  const place = await field(page, 'place1').inputValue();
  await page.close();

  const later = await context.newPage();
  await later.goto(form);
  await expect(later.getByRole('main')).toContainText('入力の続きです');
  await expect(field(later, 'text1')).toHaveValue(text);
  await expect(field(later, 'place1')).toHaveValue(place);
  await expect(field(later, 'school')).toHaveValue('みなも工科大学');
  await expect(field(later, 'email')).toHaveValue('half@');
  // What was kept is what goes on to the confirmation: one draft, not two.
  await field(later, 'email').fill('');
  await later.getByRole('button', { name: '確認画面へ進む' }).last().click();
  await expect(later.getByRole('heading', { level: 1 })).toHaveText('内容の確認');
  await expect(later.getByRole('main')).toContainText('みなも工科大学');
});

test('a correction is kept while typing as well, apart from what was sent', async ({ page }) => {
  const mark = unique();
  await page.goto(form);
  await field(page, 'text1').fill(`もとの文章 ${mark}`);
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: '確認画面へ進む' }).last().click();
  await page.getByRole('button', { name: '送信する' }).click();
  await page.getByRole('link', { name: '内容を訂正する' }).click();
  const correction = page.url();
  await hydrated(page);
  await field(page, 'text1').fill(`訂正の途中 ${mark}`);
  await expect(page.locator('.autosave')).toContainText('入力内容を保存しました', { timeout: 8_000 });
  await page.goto(correction.replace('/edit', ''));
  await expect(page.getByRole('main')).toContainText(`もとの文章 ${mark}`);
  await page.goto(correction);
  await expect(field(page, 'text1')).toHaveValue(`訂正の途中 ${mark}`);
  // The form of a new submission knows nothing of it.
  await page.goto(form);
  await expect(field(page, 'text1')).toHaveValue('');
});

test.describe('without a connection', () => {
  test.use({ tolerated: /ERR_FAILED/ });

  test('when it cannot be kept, the text stays and the person is told', async ({ page }) => {
    await page.goto(form);
    await hydrated(page);
    await page.route('**/api/**', (route) => route.abort());
    await field(page, 'text1').fill('消えてはいけない文章');
    await expect(page.locator('.autosave')).toHaveText('入力内容を保存できませんでした。入力した文章はこの画面に残っています。');
    await expect(field(page, 'text1')).toHaveValue('消えてはいけない文章');
  });
});
