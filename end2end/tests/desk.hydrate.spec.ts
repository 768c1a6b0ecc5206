import { ANSWERED_THEME, CLERK, expect, field, hydrated, signIn, test, unique } from '../support/fixtures.ts';
import { addChapter, card, closedTheme, mark, row, said } from '../support/desk.ts';
import { choose, press } from '../support/staff.ts';

/** What JavaScript adds to the response desk: keys for cutting and moving; and to the published table: filters at once. */

test('a text is cut where the cursor is, around what is selected, and taken back', async ({ page, newPerson, isMobile }) => {
  test.skip(isMobile, 'departments work at desks');
  test.slow();
  const title = `切る意見 ${unique()}`;
  const body = '堤防を高くしてほしい。避難所に毛布を増やしてほしい。犬も泊まれるようにしてほしい。';
  const { desk } = await closedTheme(page, newPerson, [{ by: 'resident26@example.jp', title, body }]);
  await page.goto(`${desk}/responses`);
  await card(page, title).getByRole('link', { name: /^意見を分ける/ }).click();
  await hydrated(page);
  const text = field(page, 'item');
  const parts = page.locator('.splitter__part');
  const select = (words: string) =>
    text.evaluate((e: HTMLTextAreaElement, words) => {
      const at = e.value.indexOf(words);
      e.focus();
      e.setSelectionRange(at, at + words.length);
    }, words);
  await expect(parts).toHaveCount(1);

  await select('避難所に毛布を増やしてほしい。');
  await page.keyboard.press('Control+Enter');
  await expect(text).toHaveValue('堤防を高くしてほしい。\n-----\n避難所に毛布を増やしてほしい。\n-----\n犬も泊まれるようにしてほしい。');
  await expect(parts).toHaveCount(3);
  await expect(page.locator('.splitter__title')).toContainText('3');

  await page.keyboard.press('Control+z');
  await expect(text).toHaveValue(body);
  await expect(parts).toHaveCount(1);

  await text.evaluate((e: HTMLTextAreaElement) => e.setSelectionRange(11, 11));
  await page.keyboard.press('Control+Enter');
  await expect(parts).toHaveCount(2);
  await expect(parts.first()).toContainText('堤防を高くしてほしい。');
  await page.keyboard.press('Alt+Enter');
  await expect(parts).toHaveCount(1);
  await page.keyboard.press('Control+z');
  await expect(parts).toHaveCount(2);

  // What is typed shows at once, and the buttons do what the keys do.
  await select('犬も');
  await page.getByRole('button', { name: /^ここで分ける/ }).click();
  await expect(parts).toHaveCount(4);
  await page.getByRole('button', { name: /^戻す/ }).click();
  await expect(parts).toHaveCount(2);
  await text.press('Control+End');
  await page.keyboard.insertText('\n-----\n書き足した意見');
  await expect(parts).toHaveCount(3);
  await press(page, 'この分け方で保存する');
  await said(page, '3件の意見に分けました');
});

test('a row is moved with Alt and the arrows, and keeps the focus', async ({ page, newPerson, isMobile }) => {
  test.skip(isMobile, 'departments work at desks');
  test.slow();
  const of = unique();
  const words = ['橋', '川', '坂'].map((word) => `${word}のこと ${of}`);
  const { desk } = await closedTheme(page, newPerson, words.map((body, i) => ({ by: 'resident27@example.jp', title: `${i} ${of}`, body })));
  await addChapter(page, desk, '甲');
  for (const word of words) {
    await mark(page, word);
    await choose(page, 'chapter', '甲');
    await press(page, '新しい要旨にまとめる');
    await said(page, 'にまとめました');
  }
  await hydrated(page);
  await row(page, '1-1').getByRole('link', { name: /^編集する/ }).focus();
  for (const [key, at] of [['Alt+ArrowDown', 2], ['Alt+ArrowDown', 3], ['Alt+ArrowUp', 2]] as const) {
    await page.keyboard.press(key);
    await expect(row(page, `1-${at}`)).toContainText('橋');
    await hydrated(page);
    await expect(row(page, `1-${at}`)).toBeFocused();
  }
});

test('the published table is narrowed at once, and the address follows', async ({ page }) => {
  await page.goto(`/consultations/${ANSWERED_THEME.slug}/responses`);
  await hydrated(page);
  let loads = 0;
  page.on('load', () => (loads += 1));
  await page.getByRole('search').getByLabel('章').selectOption({ index: 1 });
  await expect(page).toHaveURL(/chapter=\d+/);
  await expect(page.locator('section.chapter')).toHaveCount(1);
  await expect(page.locator('.narrowed')).toBeVisible();
  expect(loads).toBe(0);
  await page.reload();
  await expect(page.locator('section.chapter')).toHaveCount(1);
});

test('pages of the desk that need no script have none', async ({ page, isMobile }) => {
  test.skip(isMobile, 'departments work at desks');
  await signIn(page, CLERK);
  for (const path of ['/staff/board', '/staff/answers']) {
    await page.goto(path);
    await expect(page.locator('script')).toHaveCount(0);
  }
});
