import { CLERK, OPEN_THEME, PASSWORD, codeOf, expect, post, signIn, signOutButton, test, unique, type Page } from '../support/fixtures.ts';
import { day } from '../support/staff.ts';

/** The main jobs with Tab, Shift+Tab, Enter, Space and the arrow keys only. */

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
    const fits = await page.evaluate(({ tag, id, text, selector }: Target) => {
      const e = document.activeElement;
      if (!e || (tag && e.tagName !== tag)) return false;
      if (id && e.id !== id) return false;
      if (text && !e.textContent?.trim().startsWith(text)) return false;
      return !selector || e.matches(selector);
    }, target);
    if (fits) {
      await expect(page.locator(':focus'), `${what} has to be seen when it has the focus`).toBeInViewport();
      return;
    }
  }
  throw new Error(`Tab never reached ${what}`);
}

const link = (text: string): Target => ({ tag: 'A', text });
const button = (text: string): Target => ({ tag: 'BUTTON', text });

/** Presses a key and waits for the page that it leads to. */
async function go(page: Page, key = 'Enter'): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.keyboard.press(key);
  await loaded;
}

async function follow(page: Page, text: string): Promise<void> {
  await tabTo(page, text, link(text));
  const before = page.url();
  await go(page);
  await expect(page).not.toHaveURL(before);
}

async function push(page: Page, text: string, key = 'Enter'): Promise<void> {
  await tabTo(page, text, button(text));
  await go(page, key);
}

async function write(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, name, { id: `f-${name}` });
  await page.keyboard.insertText(text);
}

async function signInByKeyboard(page: Page, email: string): Promise<void> {
  await write(page, 'email', email);
  await write(page, 'password', PASSWORD);
  await page.keyboard.press('Enter');
  await expect(signOutButton(page)).toBeAttached();
}

async function signOutByKeyboard(page: Page): Promise<void> {
  await page.goto('/account');
  await tabTo(page, 'sign out', { selector: 'main form[action="/account/sign-out"] button' });
  await page.keyboard.press('Enter');
  await expect(signOutButton(page)).toHaveCount(0);
}

test('a resident: sign up, confirm, post, like, withdraw', async ({ page, mailTo }) => {
  test.slow();
  const email = `kii-${unique()}@example.jp`;
  await page.goto('/');
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toHaveText('本文へ移動');
  await expect(page.locator(':focus')).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#main$/);

  await follow(page, '募集中のテーマを見る');
  await follow(page, OPEN_THEME.title);
  await follow(page, '意見を投稿する');
  await expect(page).toHaveURL(/sign-in/);
  await tabTo(page, 'sign-up', { selector: 'main a[href^="/account/sign-up"]' });
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/sign-up/);
  await push(page, '確認コードを受け取る');
  await tabTo(page, 'the first problem', { selector: '.error-summary a' });
  await page.keyboard.press('Enter');
  await expect(page.locator(':focus')).toHaveAttribute('id', 'f-email');
  await page.keyboard.insertText(email);
  await write(page, 'display_name', '木井 ぼーど');
  await write(page, 'password', PASSWORD);
  await push(page, '確認コードを受け取る', 'Space');
  await write(page, 'code', codeOf(await mailTo(email, '確認コードのお知らせ')));
  await go(page);

  await expect(page).toHaveURL(/\/proposals\/new/);
  await tabTo(page, 'the first question', { selector: '[type=radio]' });
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio').nth(1)).toBeChecked();
  const title = `キーボードだけで書いた意見 ${unique()}`;
  await write(page, 'title', title);
  await write(page, 'body', 'マウスを使わずに投稿しています。');
  await push(page, '投稿する', 'Space');
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  const own = new URL(page.url()).pathname;

  await page.goto(`/consultations/${OPEN_THEME.slug}/proposals?sort=likes`);
  await tabTo(page, 'a like button', { selector: '.like__button[aria-pressed=false]' });
  const proposal = await page.locator(':focus').evaluate((e) => e.closest('form')?.getAttribute('data-like'));
  await page.keyboard.press('Enter');
  await expect(page.locator(`form.like[data-like="${proposal}"] button`)).toHaveAttribute('aria-pressed', 'true');

  await page.goto(own);
  await follow(page, '取り下げる');
  await push(page, '取り下げる');
  await expect(page.getByRole('status')).toContainText('投稿を取り下げました');
  await signOutByKeyboard(page);
});

test('staff: make a theme, publish it, end it', async ({ page, newPerson }) => {
  test.slow();
  const slug = `keys-${unique()}`;
  const title = `キーボードでつくるテーマ ${unique()}`;
  const opinion = `矢印で選ぶ意見 ${unique()}`;
  await page.goto('/account/sign-in');
  await signInByKeyboard(page, CLERK);
  await expect(page).toHaveURL(/\/staff$/);
  await follow(page, '新しいテーマ');
  await write(page, 'title', title);
  await write(page, 'slug', slug);
  await tabTo(page, 'the kind', { selector: '[name=kind]' });
  await page.keyboard.press('Space');
  await write(page, 'summary', 'キーボードだけでつくりました。');
  await write(page, 'body', '## 背景\n\n本文です。');
  await write(page, 'opens_on', day(-10));
  await write(page, 'closes_on', day(5));
  await tabTo(page, 'the marks', { id: 'f-preset' });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await push(page, '保存する');
  await expect(page.getByRole('status')).toContainText('テーマを保存しました');
  await push(page, '今すぐ公開する');
  await expect(page.getByRole('status')).toContainText('テーマを公開しました');

  const resident = await newPerson();
  await signIn(resident, 'resident34@example.jp');
  await post(resident, slug, opinion, '三つめの選択肢がほしいです。');

  await follow(page, '編集');
  await tabTo(page, 'the last day', { id: 'f-closes_on' });
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(day(-1));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('テーマを保存しました');
  await follow(page, 'ご意見と区の考え方');
  await expect(page.locator('.source-item')).toContainText(opinion);
  await signOutByKeyboard(page);
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
