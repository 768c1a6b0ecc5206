import { OPEN_THEME, expect, hydrated, signIn, test } from '../support/fixtures.ts';

/** What JavaScript adds to the proposal form: a counter as people count, and a draft that is kept while typing. */

const form = `/consultations/${OPEN_THEME.slug}/proposals/new`;

test('the counter counts characters as people do', async ({ page }) => {
  await signIn(page, 'resident11@example.jp');
  await page.goto(form);
  await hydrated(page);
  const body = page.getByLabel('ご意見');
  const counter = page.locator('.counter');
  await body.fill('あいう');
  await expect(counter).toHaveText('残り4997文字');
  await expect(counter).toHaveAttribute('data-state', 'ok');
  // One family, one ideograph outside the basic plane, one letter with a combining mark.
  await body.fill('👨‍👩‍👧‍👦𠮷が');
  await expect(counter).toHaveText('残り4997文字');
  await body.fill('あ'.repeat(4990));
  await expect(counter).toHaveAttribute('data-state', 'near');
  await body.fill('あ'.repeat(5001));
  await expect(counter).toHaveText('1文字超過');
  await expect(counter).toHaveAttribute('data-state', 'over');
});

test('a draft is kept while typing and comes back', async ({ page, context }) => {
  await signIn(page, 'resident12@example.jp');
  await page.goto(form);
  await hydrated(page);
  await page.getByRole('radio').nth(1).check();
  await page.getByLabel('見出し').fill('書きかけの見出し');
  await page.getByLabel('ご意見').fill('書きかけの文章です。\n二行目。');
  await expect(page.locator('.autosave')).toContainText('下書きを保存しました', { timeout: 8_000 });

  const later = await context.newPage();
  await later.goto(form);
  await expect(later.getByText('保存した下書きの続きです')).toBeVisible();
  await expect(later.getByLabel('ご意見')).toHaveValue('書きかけの文章です。\n二行目。');
  await expect(later.getByLabel('見出し')).toHaveValue('書きかけの見出し');
  await expect(later.getByRole('radio').nth(1)).toBeChecked();
});

test.describe('without a connection', () => {
  test.use({ tolerated: /ERR_FAILED/ });

  test('when a draft cannot be kept, the text stays and the person is told', async ({ page }) => {
    await signIn(page, 'resident13@example.jp');
    await page.goto(form);
    await hydrated(page);
    await page.route('**/api/**', (route) => route.abort());
    await page.getByLabel('ご意見').fill('消えてはいけない文章');
    await expect(page.locator('.autosave')).toHaveText('下書きを保存できませんでした。文章はこの画面に残っています。');
    await expect(page.getByLabel('ご意見')).toHaveValue('消えてはいけない文章');
  });
});
