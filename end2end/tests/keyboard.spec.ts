import { OPEN_THEME, PASSWORD, expect, signOutButton, test, unique, type Page } from '../support/fixtures.ts';

/** The main job of a resident with Tab, Shift+Tab, Enter, Space and the arrow keys only. */

interface Target {
  tag?: string;
  id?: string;
  text?: string;
  selector?: string;
}

/** Tabs until the focused element fits; fails when the focus has gone round the page. */
async function tabTo(page: Page, what: string, target: Target): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) === 0) continue;
    const fits = await focused.evaluate((e, { tag, id, text, selector }: Target) => {
      if (tag && e.tagName !== tag) return false;
      if (id && e.id !== id) return false;
      if (text && !e.textContent?.trim().startsWith(text)) return false;
      return !selector || e.matches(selector);
    }, target);
    if (fits) {
      await expect(focused, `${what} has to be seen when it has the focus`).toBeInViewport();
      return;
    }
  }
  throw new Error(`Tab never reached ${what}`);
}

const link = (text: string): Target => ({ tag: 'A', text });
const button = (text: string): Target => ({ tag: 'BUTTON', text });
const id = (name: string): Target => ({ id: name });

test('find a theme, sign in, post, like and sign out by keyboard alone', async ({ page }) => {
  test.slow();
  await page.goto('/');
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toHaveText('本文へ移動');
  await expect(page.locator(':focus')).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#main$/);

  await tabTo(page, 'the open themes', link('募集中のテーマを見る'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/phase=open/);
  await tabTo(page, 'the theme', link(OPEN_THEME.title));
  await page.keyboard.press('Enter');
  await tabTo(page, 'the post button', link('意見を投稿する'));
  await page.keyboard.press('Enter');

  await expect(page).toHaveURL(/sign-in/);
  await tabTo(page, 'the address', id('f-email'));
  await page.keyboard.type('resident31@example.jp');
  await tabTo(page, 'the password', id('f-password'));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');

  await expect(page).toHaveURL(/\/proposals\/new/);
  await tabTo(page, 'the first question', { selector: '[type=radio]' });
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio').nth(1)).toBeChecked();
  const title = `キーボードだけで書いた意見 ${unique()}`;
  await tabTo(page, 'the heading', id('f-title'));
  await page.keyboard.insertText(title);
  await tabTo(page, 'the text', id('f-body'));
  await page.keyboard.insertText('マウスを使わずに投稿しています。');
  await tabTo(page, 'the button', button('投稿する'));
  await page.keyboard.press('Space');
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();

  await page.goto(`/consultations/${OPEN_THEME.slug}/proposals?sort=likes`);
  await tabTo(page, 'a like button', { selector: '.like__button[aria-pressed=false]' });
  const proposal = await page.locator(':focus').evaluate((e) => e.closest('form')?.getAttribute('data-like'));
  await page.keyboard.press('Enter');
  await expect(page.locator(`form.like[data-like="${proposal}"] button`)).toHaveAttribute('aria-pressed', 'true');

  await page.goto('/account');
  await tabTo(page, 'sign out', button('サインアウト'));
  await page.keyboard.press('Enter');
  await expect(signOutButton(page)).toHaveCount(0);
});

test('every focused element shows its focus', async ({ page }) => {
  await page.goto(`/consultations/${OPEN_THEME.slug}/proposals`);
  for (let turn = 0; turn < 25; turn += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) === 0) continue;
    const shown = await focused.evaluate((e) => {
      const s = getComputedStyle(e);
      return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none';
    });
    expect(shown, await focused.evaluate((e) => e.outerHTML.slice(0, 120))).toBe(true);
  }
});
