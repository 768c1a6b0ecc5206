import { ANSWERED_THEME, CLERK, COMMENT_THEME, expect, signIn, test, unique, type Page } from '../support/fixtures.ts';
import { followScripts } from '../support/checks.ts';

/** The proxy-entry desk with the keyboard alone: a clerk with a pile of letters doesn't reach for the mouse. */

test.skip(({ isMobile }) => isMobile, 'phones have no keyboard to tab with');

/** Tabs to what the selector names; fails when the focus has gone round the page. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let turn = 0; turn < 120; turn += 1) {
    const focused = page.locator(':focus');
    if ((await focused.count()) > 0 && (await focused.evaluate((e, s) => e.matches(s), selector))) {
      await expect(focused, `${selector} has to be seen when it has the focus`).toBeInViewport();
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${selector}`);
}

async function write(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, `#f-${name}`);
  await page.keyboard.insertText(text);
}

/** Presses a key and waits for the page that the form comes back with. */
async function send(page: Page, key = 'Enter'): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.keyboard.press(key);
  await loaded;
}

/** Opens the desk of the running public comment from the list of themes. */
async function openDesk(page: Page): Promise<string> {
  await signIn(page, CLERK);
  await page.goto('/staff/consultations');
  const theme = await page.getByRole('main').getByRole('link', { name: COMMENT_THEME.title }).first().getAttribute('href');
  const desk = `${theme}/entry`;
  await page.goto(desk);
  return desk;
}

test('a FAX: split into opinions, recorded, and the next sheet starts as it went', async ({ page }) => {
  test.slow();
  const scripts = followScripts(page);
  const desk = await openDesk(page);
  const mark = unique();
  await expect(page.locator(':focus')).toHaveAttribute('id', 'f-channel');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('#f-channel')).toHaveValue('fax');
  await expect(page.locator('#f-postmarked_on')).toBeHidden();
  await write(page, 'body', `①P5の図が小さいです（${mark}）。②避難所を増やしてください（${mark}）。`);

  await tabTo(page, 'button[value=split]');
  await send(page);
  await expect(page.locator('#f-item-1')).toHaveValue(`①P5の図が小さいです（${mark}）。`);
  await expect(page.locator('#f-page-1')).toHaveValue('5');
  await expect(page.locator('#f-item-2')).toHaveValue(`②避難所を増やしてください（${mark}）。`);
  await expect(page.locator('#f-channel')).toHaveValue('fax');

  await tabTo(page, '#f-eligibility');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('#f-workplace')).toBeVisible();
  await expect(page.locator('#f-school')).toBeHidden();
  await write(page, 'name', `山田 ${mark}`);
  await write(page, 'address', '本町1-2');
  // Enter in any field records the sheet.
  await send(page);
  await expect(page.getByRole('status').filter({ hasText: '登録しました' })).toBeVisible();
  await expect(page.locator('.receipt__number')).toHaveText(/^R\d+-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  await expect(page.locator(':focus')).toHaveAttribute('id', 'f-channel');
  await expect(page.locator('#f-channel')).toHaveValue('fax');
  await expect(page.locator('#f-body')).toHaveValue('');
  await expect(page.locator('#today')).toContainText(mark);

  // The same person again, with another text: the clerk compares, and records it as a duplicate.
  await write(page, 'body', `別の文章です（${mark}）。`);
  await write(page, 'name', `山田${mark}`);
  await write(page, 'address', '本町１－２');
  await send(page);
  await expect(page.getByRole('alert')).toContainText('すでに登録されているかもしれません');
  await expect(page.locator('#f-body')).toHaveValue(`別の文章です（${mark}）。`);
  await tabTo(page, 'button[value=duplicate]');
  await send(page, 'Space');
  await expect(page.locator('.entry__receipt')).toContainText('重複');

  // What is wrong leads to its field.
  await tabTo(page, '#f-received_on');
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText('令和7年2月30日');
  await send(page);
  await tabTo(page, '.error-summary a[href="#f-received_on"]');
  await page.keyboard.press('Enter');
  await expect(page.locator(':focus')).toHaveAttribute('id', 'f-received_on');
  await expect(page.locator('#f-received_on')).toHaveValue('令和7年2月30日');
  expect(desk).toMatch(/^\/staff\/consultations\/\d+\/entry$/);
  await scripts.check('the desk');
});

test('a scan is shown beside the form, and goes with the sheet', async ({ page }) => {
  await openDesk(page);
  const mark = unique();
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="420"><rect width="300" height="420" fill="#fff"/></svg>';
  const png = await page.context().newPage().then(async (paper) => {
    await paper.setContent(svg);
    const picture = await paper.locator('svg').screenshot();
    await paper.close();
    return picture;
  });
  await page.locator('#f-scan').setInputFiles({ name: 'letter.png', mimeType: 'image/png', buffer: png });
  await tabTo(page, '.entry__file button[value=scan]');
  await send(page);
  const scan = page.locator('.entry__picture');
  await expect(scan).toBeVisible();
  expect(await scan.evaluate((e: HTMLImageElement) => e.naturalWidth)).toBeGreaterThan(100);
  const beside = await page.locator('#f-body').boundingBox();
  const shown = await scan.boundingBox();
  expect(shown!.x + shown!.width, 'the scan stands left of the text').toBeLessThanOrEqual(beside!.x);
  await write(page, 'body', `スキャンを見ながら入力しました（${mark}）。`);
  await write(page, 'name', `佐藤 ${mark}`);
  await write(page, 'address', '緑町3');
  await send(page);
  await expect(page.locator('.entry__receipt')).toBeVisible();
});

test('the blank form and the poster are one sheet of A4 each, and their codes can be seen', async ({ page }) => {
  const desk = await openDesk(page);
  for (const path of [desk.replace(/entry$/, 'poster'), `/consultations/${ANSWERED_THEME.slug}/paper-form`]) {
    await page.goto(path);
    const code = page.locator('.paper__code');
    await expect(code).toBeVisible();
    expect(await code.evaluate((e: HTMLImageElement) => e.complete && e.naturalWidth > 0), path).toBe(true);
    const sheets = (pdf: Buffer) => (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
    expect(sheets(await page.pdf({ preferCSSPageSize: true })), path).toBe(1);
  }
});
