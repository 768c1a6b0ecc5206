import { ADMIN, APPROVER, CLERK, OPEN_THEME, expect, field, linkOf, signIn, signOut, test, unique, type Page } from '../support/fixtures.ts';

/** The work of the departments: themes, moderation, the ward's view. */

/** A day in Japan, some days from today, as 2026-04-01. */
const day = (offset: number) => new Date(Date.now() + 9 * 3_600_000 + offset * 86_400_000).toISOString().slice(0, 10);

/** Chooses in a list or among radio buttons, whichever the form has. */
async function choose(page: Page, name: string, label: string | RegExp): Promise<void> {
  const list = page.locator(`select[name="${name}"]`);
  if (await list.count()) {
    const text = await list.locator('option').filter({ hasText: label }).first().innerText();
    await list.selectOption({ label: text });
  } else {
    const main = page.getByRole('main');
    await main.locator('label').filter({ has: page.locator(`input[name="${name}"]`), hasText: label }).locator('input').check();
  }
}

/** Makes a theme as a draft; leaves the page where the console shows it. */
async function createTheme(page: Page, title: string, slug: string, opens: number, closes: number): Promise<void> {
  await page.goto('/staff');
  await page.getByRole('main').getByRole('link', { name: /テーマを(作る|作成|つくる|追加)/ }).first().click();
  await field(page, 'title').fill(title);
  await field(page, 'slug').fill(slug);
  await choose(page, 'kind', 'オープントーク');
  await choose(page, 'department', '防災課');
  await field(page, 'summary').fill('避難所の運営について、みなさんの声を聞かせてください。');
  await field(page, 'body').fill('## 背景\n\n**避難所**は、地域のみなさんと運営します。\n\n- 受付\n- 炊き出し');
  await field(page, 'methods').fill('本サイトへの投稿');
  await field(page, 'opens_on').fill(day(opens));
  await field(page, 'closes_on').fill(day(closes));
  await page.getByRole('main').getByRole('button', { name: /下書き|作成|保存/ }).first().click();
  await expect(page).not.toHaveURL(/\/new$/);
}

/** The console's page of a theme, such as `/staff/consultations/7`. */
async function consoleOf(page: Page, title: string): Promise<string> {
  await page.goto('/staff');
  const href = await page.getByRole('main').getByRole('link', { name: title }).first().getAttribute('href');
  const found = href?.match(/^\/staff\/consultations\/\d+/)?.[0];
  if (!found) throw new Error(`the console doesn't link to ${title}`);
  return found;
}

test('a theme: draft, preview, publish', async ({ page, browser, site }) => {
  const title = `避難所の運営を話し合おう ${unique()}`;
  const slug = `shelter-${unique()}`;
  await signIn(page, CLERK);
  await createTheme(page, title, slug, 0, 30);
  const visitor = await (await browser.newContext({ baseURL: site.url, locale: 'ja-JP' })).newPage();

  await test.step('nobody else sees the draft, staff see a preview', async () => {
    expect((await visitor.goto(`/consultations/${slug}`))?.status()).toBe(404);
    await page.goto(`/consultations/${slug}`);
    await expect(page.getByText('公開前の確認画面です')).toBeVisible();
    await expect(page.getByRole('heading', { name: '背景' })).toBeVisible();
    await expect(page.locator('.markdown strong')).toHaveText('避難所');
  });

  await test.step('published, it is open to everybody', async () => {
    await page.goto(await consoleOf(page, title));
    await page.getByRole('main').getByRole('button', { name: /公開する/ }).first().click();
    await page.waitForLoadState();
    expect((await visitor.goto(`/consultations/${slug}`))?.status()).toBe(200);
    await expect(visitor.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await visitor.goto('/consultations?phase=open');
    await expect(visitor.locator('#results')).toContainText(title);
  });

  await test.step('an address is given once', async () => {
    await page.goto('/staff/consultations/new');
    await field(page, 'slug').fill(slug);
    await field(page, 'title').fill('同じアドレスのテーマ');
    await page.getByRole('main').getByRole('button', { name: /下書き|作成|保存/ }).first().click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(field(page, 'title')).toHaveValue('同じアドレスのテーマ');
  });
  await visitor.context().close();
});

test('a proposal is hidden with a reason, its author is told, and it is shown again', async ({ page, browser, site, mailTo }) => {
  const author = 'resident41@example.jp';
  const title = `消されるかもしれない意見 ${unique()}`;
  const secret = `公開されてはいけない電話番号 ${unique()}`;
  const reason = '個人の電話番号が書かれているため。';
  const visitor = await (await browser.newContext({ baseURL: site.url, locale: 'ja-JP' })).newPage();

  await signIn(page, author);
  await page.goto(`/consultations/${OPEN_THEME.slug}/proposals/new`);
  await page.getByRole('radio').first().check();
  await field(page, 'title').fill(title);
  await field(page, 'body').fill(secret);
  await page.getByRole('button', { name: '投稿する' }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  const address = page.url().replace(/\?.*/, '');
  await signOut(page);

  await signIn(page, CLERK);
  await page.goto('/staff/moderation');
  await page.getByRole('main').getByRole('link', { name: title }).first().click();
  await test.step('a reason is needed', async () => {
    await page.getByRole('main').getByRole('button', { name: /非表示にする/ }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  });
  await field(page, 'reason').fill(reason);
  await page.getByRole('main').getByRole('button', { name: /非表示にする/ }).click();
  await page.waitForLoadState();
  const desk = page.url();

  await visitor.goto(address);
  await expect(visitor.getByRole('main')).toContainText('この投稿は、投稿のきまりに沿って区が非表示にしました。');
  await expect(visitor.getByText(secret)).toHaveCount(0);
  await visitor.goto(`/consultations/${OPEN_THEME.slug}/proposals`);
  await expect(visitor.locator('.placeholder').first()).toBeVisible();
  await expect(visitor.getByText(secret)).toHaveCount(0);
  await expect(visitor.getByText(title)).toHaveCount(0);
  const mail = await mailTo(author, '投稿の表示について');
  expect(mail.text).toContain(reason);
  expect(mail.text).toContain(title);

  await page.goto(desk);
  await page.getByRole('main').getByRole('button', { name: /再び表示|再表示|表示に戻す|もう一度表示|非表示を取り消/ }).click();
  await page.waitForLoadState();
  await visitor.goto(address);
  await expect(visitor.getByText(secret)).toBeVisible();
  await mailTo(author, '投稿を再び表示しました');
  await visitor.context().close();
});

test("the ward's view: chapter, summary, answer, 対応区分, publish", async ({ page, browser, site, mailTo }) => {
  test.slow();
  const author = 'resident42@example.jp';
  const title = `備蓄倉庫の鍵を話し合おう ${unique()}`;
  const slug = `keys-${unique()}`;
  const opinion = `倉庫の鍵を三人で持ってほしい ${unique()}`;
  const summary = '備蓄倉庫の鍵は、地域の複数の人が持つようにしてほしい。';
  const answer = 'ご意見を踏まえ、来年度から三つの鍵を町会にお預けします。';
  const visitor = await (await browser.newContext({ baseURL: site.url, locale: 'ja-JP' })).newPage();

  await test.step('a theme with one opinion', async () => {
    await signIn(page, CLERK);
    await createTheme(page, title, slug, -10, 5);
    await page.goto(await consoleOf(page, title));
    await page.getByRole('main').getByRole('button', { name: /公開する/ }).first().click();
    await signOut(page);
    await signIn(page, author);
    await page.goto(`/consultations/${slug}/proposals/new`);
    await field(page, 'title').fill(opinion);
    await field(page, 'body').fill('一人だけが持っていると、その人が留守のときに開きません。');
    await page.getByRole('button', { name: '投稿する' }).click();
    await expect(page.getByRole('heading', { level: 1, name: opinion })).toBeVisible();
    await signOut(page);
  });

  let theme = '';
  await test.step('the period is over', async () => {
    await signIn(page, CLERK);
    theme = await consoleOf(page, title);
    await page.goto(`${theme}/edit`);
    await field(page, 'closes_on').fill(day(-1));
    await page.getByRole('main').getByRole('button', { name: /保存/ }).first().click();
    await visitor.goto(`/consultations/${slug}`);
    await expect(visitor.getByRole('main')).toContainText('検討');
  });

  await test.step('the clerk writes the row', async () => {
    await page.goto(`${theme}/responses`);
    await field(page, 'title').fill('備蓄に関するご意見');
    await page.getByRole('main').getByRole('button', { name: /章を(追加|作)/ }).click();
    await expect(page.getByRole('main')).toContainText('備蓄に関するご意見');
    await page.getByRole('main').getByRole('link', { name: /要旨を(追加|作|書)|行を(追加|作)/ }).first().click();
    await choose(page, 'chapter', '備蓄に関するご意見');
    await field(page, 'text').fill(summary);
    await page.getByRole('main').locator('label').filter({ hasText: opinion }).first().click();
    await field(page, 'answer').fill(answer);
    await choose(page, 'disposition', '反映');
    await page.getByRole('main').getByRole('button', { name: /保存/ }).first().click();
    await expect(page.getByRole('main')).toContainText(summary);
    expect((await visitor.goto(`/consultations/${slug}/responses`))?.status()).toBe(404);
    await signOut(page);
  });

  await test.step('the approver publishes', async () => {
    await signIn(page, APPROVER);
    await page.goto(`${theme}/responses`);
    await page.getByRole('main').getByRole('button', { name: /公表する/ }).first().click();
    await page.waitForLoadState();
    await visitor.goto(`/consultations/${slug}/responses`);
    await expect(visitor.getByRole('rowheader')).toHaveCount(1);
    await expect(visitor.getByRole('main')).toContainText(summary);
    await expect(visitor.getByRole('main')).toContainText(answer);
    await expect(visitor.locator('.disposition')).toContainText('反映');
  });

  await test.step('the author is led to the very row', async () => {
    const link = linkOf(await mailTo(author, '区の考え方を公表しました'), `/consultations/${slug}/responses#`);
    await visitor.goto(link);
    await expect(visitor.locator(`[id="${new URL(link).hash.slice(1)}"]`)).toContainText(summary);
  });
  await visitor.context().close();
});

test('residents and visitors do not get into the console', async ({ page }) => {
  await page.goto('/staff');
  await expect(page).toHaveURL(/\/account\/sign-in/);
  await signIn(page, 'resident43@example.jp');
  expect((await page.goto('/staff'))?.status()).toBe(403);
  await signOut(page);
  await signIn(page, ADMIN);
  expect((await page.goto('/staff/audit'))?.status()).toBe(200);
});
