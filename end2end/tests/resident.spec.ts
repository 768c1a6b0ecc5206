import { OPEN_THEME, codeOf, expect, field, fillSignIn, post, signIn, signOut, signOutButton, test, unique } from '../support/fixtures.ts';
import { press } from '../support/staff.ts';

/** The main job of a resident, from signing up to signing out everywhere. */

const theme = `/consultations/${OPEN_THEME.slug}`;
const password = 'みずうみ-まちこえ-2026';

test('sign up, post, edit, like, withdraw, reset the password, sign out everywhere', async ({ page, newPerson, mailTo }) => {
  test.slow();
  const email = `hanako-${unique()}@example.jp`;
  const title = `町会の井戸を使えるようにしてほしい ${unique()}`;

  await test.step('sign up with a Japanese name and the mailed code', async () => {
    await page.goto(theme);
    // On a phone the header has the room for signing in only; the way to sign up is on that page.
    await page.getByRole('banner').getByRole('link', { name: 'サインイン' }).click();
    await page.getByRole('main').getByRole('link', { name: '新規登録' }).click();
    await field(page, 'email').fill(email);
    await field(page, 'display_name').fill('山﨑 花子（𠮷田町）');
    await field(page, 'password').fill(password);
    await press(page, '確認コードを受け取る');
    await field(page, 'code').fill('000000');
    await press(page, '確認する');
    await expect(page.getByRole('alert')).toContainText('確認コードが違うか、有効期限が切れています。');
    await field(page, 'code').fill(codeOf(await mailTo(email, '確認コードのお知らせ')));
    await press(page, '確認する');
    await expect(signOutButton(page)).toBeAttached();
    await expect(page).toHaveURL(new RegExp(`${theme}$`));
  });

  await test.step('the form says what is missing and keeps what was typed', async () => {
    await page.goto(theme);
    await page.getByRole('main').getByRole('link', { name: '意見を投稿する' }).click();
    await field(page, 'title').fill(title);
    await page.getByRole('button', { name: '投稿する' }).click();
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('入力内容をご確認ください');
    await expect(page).toHaveTitle(/^入力内容をご確認ください/);
    await expect(field(page, 'title')).toHaveValue(title);
    await expect(field(page, 'body')).toHaveAttribute('aria-invalid', 'true');
    await alert.getByRole('link', { name: /ご意見/ }).click();
    await expect(page).toHaveURL(/#f-body$/);
  });

  let receipt = '';
  await test.step('post an opinion and get a receipt number', async () => {
    await page.getByRole('radio').first().check();
    await field(page, 'body').fill('公園のすみの井戸は、ふだん鍵がかかっています。\n\n</textarea><script>alert(1)</script> 👨‍👩‍👧‍👦');
    await page.getByRole('button', { name: '投稿する' }).click();
    await expect(page.getByRole('status').filter({ hasText: 'ご意見を受け付けました' })).toBeVisible();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await expect(page.locator('.proposal__body')).toContainText('</textarea><script>alert(1)</script> 👨‍👩‍👧‍👦');
    receipt = await page.locator('.receipt__number').innerText();
    expect(receipt).toMatch(/^R\d+-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    expect((await mailTo(email, 'ご意見を受け付けました')).text).toContain(receipt);
  });
  const own = page.url().replace(/\?.*/, '');

  await test.step('it is in the list, in my page and behind the receipt number', async () => {
    await page.goto(`${theme}/proposals`);
    await expect(page.locator('.proposal-card').first()).toContainText(title);
    await expect(page.locator('.proposal-card').first()).toContainText('山﨑 花子（𠮷田町）');
    await page.getByRole('banner').getByRole('link', { name: 'マイページ' }).click();
    await expect(page.getByRole('main')).toContainText(title);
    // The number tells anybody the state, and its author the text as well.
    const stranger = await newPerson();
    for (const person of [stranger, page]) {
      await person.goto('/receipts');
      await field(person, 'number').fill(receipt.toLowerCase());
      await person.getByRole('button', { name: '状況を確認する' }).click();
      await expect(person.locator('.receipt__number')).toHaveText(receipt);
    }
    await expect(stranger.getByRole('main')).toContainText('受付済み');
    await expect(stranger.getByRole('main')).not.toContainText('井戸');
    await expect(page.getByRole('main')).toContainText('井戸');
  });

  await test.step('it can be edited while nobody has answered', async () => {
    await page.goto(own);
    await page.getByRole('link', { name: '編集する' }).click();
    await expect(field(page, 'body')).toHaveValue(/<\/textarea><script>/);
    await field(page, 'body').fill('公園のすみの井戸に、鍵の番号を知る人を三人おいてください。');
    await page.getByRole('button', { name: '変更を保存する' }).click();
    await expect(page.getByRole('status').filter({ hasText: '変更を保存しました' })).toBeVisible();
    await expect(page.locator('.proposal__body')).toHaveText('公園のすみの井戸に、鍵の番号を知る人を三人おいてください。');
  });

  await test.step("another's opinion can be liked and unliked, one's own cannot", async () => {
    await expect(page.locator('.proposal button')).toHaveCount(0);
    await page.goto(`${theme}/proposals?sort=likes`);
    await page.locator('.proposal-card__title a').first().click();
    const like = page.locator('.proposal form.like');
    const count = like.locator('.like__count');
    const before = Number(await count.innerText());
    await like.getByRole('button').click();
    await expect(like.getByRole('button')).toHaveAttribute('aria-pressed', 'true');
    await expect(count).toHaveText(String(before + 1));
    await page.reload();
    await expect(count).toHaveText(String(before + 1));
    await like.getByRole('button').click();
    await expect(like.getByRole('button')).toHaveAttribute('aria-pressed', 'false');
    await expect(count).toHaveText(String(before));
  });

  await test.step('it can be withdrawn', async () => {
    await page.goto(own);
    await page.getByRole('link', { name: '取り下げる' }).click();
    await expect(page.getByRole('main')).toContainText(`「${title.slice(0, 10)}`);
    await page.getByRole('button', { name: '取り下げる' }).click();
    await expect(page.getByRole('status')).toContainText('投稿を取り下げました');
    await page.goto(`${theme}/proposals`);
    await expect(page.getByText(title)).toHaveCount(0);
    const visitor = await newPerson();
    expect((await visitor.goto(own))?.status()).toBe(410);
    await expect(visitor.getByRole('heading', { level: 1 })).toHaveText('この投稿は取り下げられました');
  });

  await test.step('sign out', async () => {
    await signOut(page);
    const answer = await page.goto('/account');
    expect(answer?.url()).toContain('/account/sign-in');
  });

  const secondPassword = 'かわべり-まちこえ-2027';
  await test.step('a forgotten password is replaced by a mailed code', async () => {
    await page.goto('/account/sign-in');
    await page.getByRole('main').getByRole('link', { name: /パスワードを(お)?忘れ/ }).click();
    await field(page, 'email').fill(email);
    await page.getByRole('main').getByRole('button').first().click();
    await field(page, 'code').fill(codeOf(await mailTo(email, 'パスワードの再設定')));
    await field(page, 'password').fill(secondPassword);
    await page.getByRole('main').getByRole('button').first().click();
    await expect(signOutButton(page)).toBeAttached();
    await mailTo(email, 'パスワードを変更しました');
    await signOut(page);
    await page.goto('/account/sign-in');
    await fillSignIn(page, email, password);
    await expect(page.getByRole('alert')).toContainText('メールアドレスまたはパスワードが違います。');
    await signIn(page, email, secondPassword);
  });

  await test.step('sign out everywhere ends every session', async () => {
    const elsewhere = await newPerson();
    await signIn(elsewhere, email, secondPassword);
    await page.goto('/account');
    await page.getByRole('main').getByRole('button', { name: /すべて.*サインアウト/ }).click();
    await expect(signOutButton(page)).toHaveCount(0);
    await elsewhere.goto('/account');
    await expect(elsewhere).toHaveURL(/\/account\/sign-in/);
  });
});

test('a visitor who wants to post is asked to sign in and comes back to the form', async ({ page }) => {
  await page.goto(theme);
  await page.getByRole('main').getByRole('link', { name: '意見を投稿する' }).click();
  await expect(page).toHaveURL(/\/account\/sign-in\?next=/);
  await fillSignIn(page, 'resident21@example.jp');
  await expect(page).toHaveURL(new RegExp(`${theme}/proposals/new`));
});

test('a draft is kept by its button and fills the form again', async ({ page }) => {
  await signIn(page, 'resident22@example.jp');
  await page.goto(`${theme}/proposals/new`);
  await field(page, 'body').fill('まだ途中の文章');
  await page.getByRole('button', { name: '下書きを保存する' }).click();
  await expect(page.getByRole('status').filter({ hasText: '下書きを保存しました' }).first()).toBeVisible();
  await page.goto(`${theme}/proposals/new`);
  await expect(field(page, 'body')).toHaveValue('まだ途中の文章');
});

test('a form that is sent twice makes one proposal', async ({ page }) => {
  await signIn(page, 'resident23@example.jp');
  await page.goto(`${theme}/proposals/new`);
  const title = `二度押し ${unique()}`;
  const form = new URLSearchParams({
    token: (await page.locator('input[name=token]').inputValue()) ?? '',
    question: (await page.getByRole('radio').first().getAttribute('value')) ?? '',
    title,
    body: '同じ画面から二度送られた意見です。',
  });
  const send = () =>
    page.request.post(`${theme}/proposals/new`, {
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(page.url()).origin },
      data: form.toString(),
      maxRedirects: 0,
    });
  const answers = await Promise.all([send(), send()]);
  expect(answers.map((a) => a.status())).toEqual([303, 303]);
  expect(new Set(answers.map((a) => a.headers()['location']?.replace(/\?.*/, ''))).size).toBe(1);
  await page.goto(`${theme}/proposals`);
  await expect(page.getByRole('heading', { name: title })).toHaveCount(1);
});

test('more than 5,000 characters are refused and handed back', async ({ page }) => {
  await signIn(page, 'resident24@example.jp');
  await page.goto(`${theme}/proposals/new`);
  await page.getByRole('radio').first().check();
  await field(page, 'body').fill('あ'.repeat(5001));
  await page.getByRole('button', { name: '投稿する' }).click();
  await expect(page.getByRole('alert')).toContainText('1文字超過');
  await expect(field(page, 'body')).toHaveValue('あ'.repeat(5001));
});

test('what people write is stored exactly, or refused clearly', async ({ page }) => {
  await signIn(page, 'resident25@example.jp');
  for (const text of ['</textarea><script>alert(1)</script>', '👨‍👩‍👧‍👦と𠮷野家', 'が゚ぎ', '&lt;b&gt; "quoted" \'single\'', '一行目\n\n三行目']) {
    const address = await post(page, OPEN_THEME.slug, `そのまま ${unique()}`, text);
    await expect.poll(() => page.locator('.proposal__body').evaluate((e) => e.textContent)).toBe(text);
    await page.goto(`${address}/edit`);
    await expect(field(page, 'body')).toHaveValue(text);
  }
  await page.goto(`${theme}/proposals/new`);
  await page.getByRole('radio').first().check();
  await field(page, 'body').evaluate((e: HTMLTextAreaElement) => (e.value = 'ベル\u0007が鳴る'));
  await page.getByRole('main').getByRole('button', { name: '投稿する' }).click();
  await expect(page.getByRole('alert')).toContainText('使用できない制御文字が含まれています。');
});

test('the display name and the language can be changed', async ({ page }) => {
  await signIn(page, 'resident26@example.jp');
  await page.goto('/account');
  await field(page, 'display_name').fill('');
  await press(page, '変更を保存する');
  await expect(page.getByRole('alert')).toContainText('表示名：入力してください。');
  await field(page, 'display_name').fill('新しい名前🌸');
  await field(page, 'locale').selectOption('en');
  await press(page, '変更を保存する');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(field(page, 'display_name')).toHaveValue('新しい名前🌸');
  await field(page, 'locale').selectOption('ja');
  await page.getByRole('main').locator('form[action="/account/profile"] button').click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
});
