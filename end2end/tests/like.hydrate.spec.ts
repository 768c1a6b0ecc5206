import { OPEN_THEME, RESIDENT, expect, hydrated, signIn, test } from '../support/fixtures.ts';

/** What JavaScript adds to the like button: no reload, and an honest word when a click didn't get through. */

const list = `/consultations/${OPEN_THEME.slug}/proposals?sort=likes`;

test('a like counts without a reload and can be taken back', async ({ page }) => {
  await signIn(page, RESIDENT);
  await page.goto(list);
  await hydrated(page);
  const form = page.locator('form.like').first();
  const button = form.getByRole('button');
  const count = form.locator('.like__count');
  const before = Number(await count.innerText());
  const on = (await button.getAttribute('aria-pressed')) === 'true';
  let loads = 0;
  page.on('framenavigated', () => (loads += 1));

  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', String(!on));
  await expect(count).toHaveText(String(before + (on ? -1 : 1)));
  await expect(page.getByRole('status').filter({ hasText: 'いいね' })).toHaveCount(1);
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', String(on));
  await expect(count).toHaveText(String(before));
  expect(loads).toBe(0);

  await page.reload();
  await expect(page.locator('form.like').first().locator('.like__count')).toHaveText(String(before));
});

test('a double click is one like', async ({ page }) => {
  await signIn(page, RESIDENT);
  await page.goto(list);
  await hydrated(page);
  const form = page.locator('form.like[data-like]').filter({ has: page.locator('button[aria-pressed=false]') }).first();
  const id = await form.getAttribute('data-like');
  const mine = page.locator(`form.like[data-like="${id}"]`);
  const before = Number(await mine.locator('.like__count').innerText());
  await mine.evaluate((f: HTMLFormElement) => {
    f.requestSubmit();
    f.requestSubmit();
  });
  await expect(mine.getByRole('button')).toHaveAttribute('aria-pressed', 'true');
  await page.reload();
  await expect(mine.locator('.like__count')).toHaveText(String(before + 1));
});

test.describe('without a connection', () => {
  test.use({ tolerated: /ERR_FAILED/ });

  test('a like that cannot be sent is said so and not counted', async ({ page }) => {
    await signIn(page, RESIDENT);
    await page.goto(list);
    await hydrated(page);
    const form = page.locator('form.like').first();
    const before = await form.locator('.like__count').innerText();
    const pressed = await form.getByRole('button').getAttribute('aria-pressed');
    await page.route('**/api/**', (route) => route.abort());
    await form.getByRole('button').click();
    await expect(page.getByRole('status').filter({ hasText: '送信できませんでした。' })).toHaveCount(1);
    await expect(form.locator('.like__count')).toHaveText(before);
    await expect(form.getByRole('button')).toHaveAttribute('aria-pressed', pressed ?? 'false');
  });
});
