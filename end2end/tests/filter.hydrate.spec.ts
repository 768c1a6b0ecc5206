import { ANSWERED_THEME, OPEN_THEME, RESIDENT, expect, hydrated, signIn, test } from '../support/fixtures.ts';

/** What JavaScript adds to filters: the result at once, with an address that can be shared. */

test('themes are filtered at once, and the address follows', async ({ page }) => {
  await page.goto('/consultations');
  await hydrated(page);
  let loads = 0;
  page.on('load', () => (loads += 1));
  await page.getByLabel('募集の状況').selectOption({ label: '結果公表' });
  await expect(page).toHaveURL(/phase=result/);
  const results = page.locator('#results');
  await expect(results).toContainText(ANSWERED_THEME.title);
  await expect(results).not.toContainText(OPEN_THEME.title);
  expect(loads).toBe(0);
  await page.reload();
  await expect(results).toContainText(ANSWERED_THEME.title);
  await expect(results).not.toContainText(OPEN_THEME.title);
  await expect(page.getByLabel('募集の状況')).toHaveValue('result');
});

test('proposals are sorted at once, and the like buttons in the new list still work', async ({ page }) => {
  await signIn(page, RESIDENT);
  await page.goto(`/consultations/${OPEN_THEME.slug}/proposals`);
  await hydrated(page);
  await page.getByLabel('並び順').selectOption({ label: 'いいねの多い順' });
  await expect(page).toHaveURL(/sort=likes/);
  await expect
    .poll(async () => {
      const likes = (await page.locator('.like__count').allInnerTexts()).map(Number);
      return likes.length === 20 && likes.every((n, i) => i === 0 || n <= (likes[i - 1] ?? 0));
    })
    .toBe(true);
  let loads = 0;
  page.on('load', () => (loads += 1));
  const button = page.locator('form.like').first().getByRole('button');
  const pressed = await button.getAttribute('aria-pressed');
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', String(pressed !== 'true'));
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', String(pressed === 'true'));
  expect(loads).toBe(0);
});

test.describe('without a connection', () => {
  test.use({ tolerated: /ERR_FAILED/ });

  test('when the new list cannot be fetched, the form is simply sent', async ({ page }) => {
    await page.goto('/consultations');
    await hydrated(page);
    let refused = 0;
    await page.route('**/consultations?**', (route) => {
      if (route.request().resourceType() !== 'fetch') return route.continue();
      refused += 1;
      return route.abort();
    });
    await page.getByLabel('募集の種類').selectOption({ label: 'オープントーク' });
    await expect(page).toHaveURL(/kind=open_dialogue/);
    await expect(page.locator('#results')).toContainText(OPEN_THEME.title);
    await expect(page.locator('#results')).not.toContainText(ANSWERED_THEME.title);
    expect(refused).toBe(1);
  });
});
