import { axe } from '../support/checks.ts';
import { AUDITOR, CLERK, COMMENT_THEME, OTHER_CLERK, expect, field, linkOf, signIn, test, unique, type Page } from '../support/fixtures.ts';
import { choose, day, press, themeDesk } from '../support/staff.ts';

/** The intake of a public comment: one queue for every channel, and who sent what is apart from it. */

test.skip(({ isMobile }) => isMobile, 'departments work at desks');

const form = `/consultations/${COMMENT_THEME.slug}/proposals/new`;
const rows = (page: Page) => page.locator('.intake tbody tr');
const said = (page: Page, text: string) => expect(page.getByRole('status').filter({ hasText: text })).toBeVisible();

/** Sends an opinion as a resident without an account; gives the receipt number. */
async function send(page: Page, text: string, name: string, email = ''): Promise<string> {
  await page.goto(form);
  await field(page, 'text1').fill(text);
  await choose(page, 'eligibility', '区内に住んでいる');
  await field(page, 'name').fill(name);
  await field(page, 'email').fill(email);
  await press(page, '確認画面へ進む');
  await press(page, '送信する');
  return page.locator('.receipt__number').innerText();
}

/** Narrows the queue to some words. */
async function search(page: Page, desk: string, words: string): Promise<void> {
  await page.goto(`${desk}/intake`);
  await page.locator('#f-q').fill(words);
  await page.getByRole('main').getByRole('button', { name: '絞り込む' }).click();
  await expect(page).toHaveURL(/[?&]q=/);
}

/** One of the figures above the queue. */
async function figure(page: Page, name: string): Promise<number> {
  const text = await page.locator('.stat-row > .stat').filter({ has: page.locator('dt', { hasText: name }) }).locator('dd').innerText();
  return Number(text.replace(/[^\d]/g, ''));
}

test('filters, a view of one’s own, several at once', async ({ page, newPerson }) => {
  test.slow();
  const mark = unique();
  const resident = await newPerson();
  await signIn(page, CLERK);
  const desk = await themeDesk(page, COMMENT_THEME.title);
  await page.goto(`${desk}/intake`);
  const before = { people: await figure(page, '提出者数'), submissions: await figure(page, '提出数'), opinions: await figure(page, '意見件数') };
  // The same person twice: two submissions, one person.
  await send(resident, `受付の意見その一 ${mark}`, `佐々木 ${mark}`);
  await send(resident, `受付の意見その二 ${mark}`, `佐々木${mark}`);

  await test.step('every channel is in the list, and the counts have moved with it', async () => {
    await page.goto(`${desk}/intake`);
    expect(await figure(page, '提出数')).toBe(before.submissions + 2);
    expect(await figure(page, '意見件数')).toBe(before.opinions + 2);
    const table = page.locator('.intake');
    for (const channel of ['ウェブサイト', '郵送', 'FAX', '電話']) await expect(table).toContainText(channel);
  });

  await test.step('filters', async () => {
    await search(page, desk, mark);
    await expect(rows(page)).toHaveCount(2);
    await expect(page.locator('#f-q')).toHaveValue(mark);
    await page.locator('select[name=channel]').first().selectOption({ label: '郵送' });
    await page.getByRole('main').getByRole('button', { name: '絞り込む' }).click();
    await expect(page.getByRole('main')).toContainText('この条件に当てはまる提出はありません。');
    await page.getByRole('main').getByRole('link', { name: '条件をすべて外す' }).click();
    await page.locator('#f-from').fill('令和7年2月30日');
    await page.getByRole('main').getByRole('button', { name: '絞り込む' }).click();
    await expect(page.getByRole('alert')).toContainText('日付の形式をご確認ください');
    await expect(page.locator('#f-from')).toHaveValue('令和7年2月30日');
  });

  await test.step('a view is kept under a name, and found again', async () => {
    await search(page, desk, mark);
    await page.getByText('今の条件を保存する').first().click();
    await field(page, 'name').fill(`今日の分 ${mark}`);
    await press(page, '今の条件を保存する');
    await said(page, '条件を保存しました');
    await page.goto(`${desk}/intake`);
    await page.getByRole('main').getByRole('link', { name: `今日の分 ${mark}` }).click();
    await expect(rows(page)).toHaveCount(2);
  });

  await test.step('several at once: nothing without a choice, then all of them', async () => {
    const bulk = page.locator('.intake__bulk');
    await bulk.locator('select[name=state]').selectOption({ label: '受理' });
    await press(page, '状態を変更する');
    await page.getByRole('alert').getByRole('link', { name: /^対象/ }).click();
    await expect(bulk).toContainText('対象の提出を選んでください。');
    await expect(bulk.locator('select[name=state]')).toHaveValue('accepted');
    for (const box of await rows(page).getByRole('checkbox').all()) await box.check();
    await press(page, '状態を変更する');
    await said(page, '2通の状態を変更しました');
    await expect(rows(page).filter({ hasText: '受理' })).toHaveCount(2);
  });

  await test.step('the view is thrown away', async () => {
    await page.goto(`${desk}/intake`);
    await page.getByRole('button', { name: `「今日の分 ${mark}」を削除` }).click();
    await said(page, '条件を削除しました');
    await expect(page.getByRole('link', { name: `今日の分 ${mark}` })).toHaveCount(0);
  });
});

test('one submission: assigned, noted, its sender opened for a reason, corrected by its sender', async ({ page, newPerson, mailTo, site, javaScriptEnabled }) => {
  test.slow();
  const mark = unique();
  const name = `内海 ${mark}`;
  const email = `utsumi-${mark}@example.jp`;
  const resident = await newPerson();
  const number = await send(resident, `住所の足りない意見 ${mark}`, name, email);
  await mailTo(email, 'ご意見を受け付けました');
  await signIn(page, CLERK);
  const desk = await themeDesk(page, COMMENT_THEME.title);
  await search(page, desk, mark);
  await expect(page.getByRole('main'), 'the queue names nobody').not.toContainText(name);
  await page.getByRole('main').getByRole('link', { name: number }).click();
  const submission = new URL(page.url()).pathname;
  await expect(page.getByRole('main')).toContainText(`住所の足りない意見 ${mark}`);
  for (const secret of [name, email]) await expect(page.getByRole('main')).not.toContainText(secret);

  const other = await newPerson();
  await signIn(other, OTHER_CLERK);
  await test.step('another department’s clerk sees nothing of it', async () => {
    for (const address of [submission, `${desk}/intake`, `${desk}/identities`]) {
      expect((await other.goto(address))?.status(), address).toBeGreaterThanOrEqual(403);
      await expect(other.getByRole('main')).not.toContainText(mark);
    }
  });

  await test.step('a note for colleagues', async () => {
    await page.goto(submission);
    await press(page, 'メモを追加する');
    await expect(page.getByRole('alert')).toContainText('メモを書く：入力してください。');
    await field(page, 'note').fill(`区域図を確かめました ${mark}`);
    await press(page, 'メモを追加する');
    await said(page, 'メモを追加しました');
    await expect(page.locator('#notes')).toContainText(`区域図を確かめました ${mark}`);
  });

  await test.step('assigned to the other department, its clerk reads and writes notes, and no more', async () => {
    await choose(page, 'department', 'デジタル');
    await press(page, '担当課を変更する');
    await said(page, '担当課を変更しました');
    await other.goto('/staff/assigned');
    if (javaScriptEnabled) await axe(other, 'assigned');
    await other.getByRole('main').getByRole('link', { name: number }).click();
    await expect(other.getByRole('main')).toContainText('あなたの課に割り当てられています');
    await expect(other.getByRole('main')).toContainText(mark);
    await expect(other.getByText('提出者の情報を見る')).toHaveCount(0);
    await expect(other.getByRole('button', { name: '状態を変更する' })).toHaveCount(0);
    await field(other, 'note').fill('電波の届く範囲は、うちで確かめます。');
    await press(other, 'メモを追加する');
    await said(other, 'メモを追加しました');
  });

  await test.step('who sent it is opened for a reason only', async () => {
    await page.goto(submission);
    await expect(page.locator('#notes')).toContainText('うちで確かめます');
    await page.getByText('提出者の情報を見る').first().click();
    await page.locator('#identity').getByRole('button', { name: '提出者の情報を見る' }).click();
    await expect(page.getByRole('alert')).toContainText('理由');
    await expect(page.getByRole('main')).not.toContainText(name);
    await page.locator('select[name=preset]').selectOption({ label: '補正の連絡' });
    await press(page, '提出者の情報を見る');
    await expect(page.getByRole('main')).toContainText(name);
    await expect(page.getByRole('main')).toContainText(email);
    await expect(page.getByRole('main')).toContainText('補正の連絡');
    const auditor = await newPerson();
    await signIn(auditor, AUDITOR);
    await auditor.goto('/staff/audit');
    const log = auditor.getByRole('main');
    await expect(log).toContainText('補正の連絡');
    for (const secret of [name, email]) await expect(log).not.toContainText(secret);
  });

  await test.step('a correction is asked for by mail', async () => {
    await page.goto(submission);
    await page.getByText('補正を求める').first().click();
    await field(page, 'correction').fill('');
    await press(page, '補正を求める');
    await expect(page.getByRole('alert').getByRole('link')).toHaveText([/^お願いする内容：/, /^補正の期限：/]);
    await field(page, 'correction').fill('ご住所（番地まで）をお知らせください。');
    await field(page, 'until').fill(day(7));
    await press(page, '補正を求める');
    await said(page, '補正を求めるメールを送信しました');
    await expect(page.locator('.intake__facts')).toContainText('補正待ち');
  });

  await test.step('the resident follows the mail’s link and corrects', async () => {
    const mail = await mailTo(email, 'ご意見の補正のお願い');
    expect(mail.text).toContain('ご住所（番地まで）をお知らせください。');
    const home = await newPerson();
    await home.goto(linkOf(mail, '/receipts/').replace(/^https?:\/\/[^/]+/, site.url));
    await expect(home.getByRole('main')).toContainText('補正のお願い');
    await expect(home.getByRole('main')).toContainText('ご住所（番地まで）をお知らせください。');
    if (!/\/edit/.test(home.url())) await home.getByRole('main').getByRole('link', { name: '内容を訂正する' }).click();
    await expect(field(home, 'text1')).toHaveValue(`住所の足りない意見 ${mark}`);
    await field(home, 'address').fill(`みなも区南浜9-${mark}`);
    await press(home, '訂正を送信する');
    await said(home, '訂正を受け付けました');
  });

  await test.step('it is back among the unread, with the address for those who may see it', async () => {
    await page.goto(submission);
    await expect(page.locator('.intake__facts')).toContainText('未確認');
    await page.getByText('提出者の情報を見る').first().click();
    await page.locator('#identity select').selectOption({ label: '補正の連絡' });
    await page.locator('#identity').getByRole('button', { name: '提出者の情報を見る' }).click();
    await expect(page.getByRole('main')).toContainText(`みなも区南浜9-${mark}`);
  });
});

test('an opinion by post without an address for mails: the link is for the letter', async ({ page, newPerson }) => {
  const mark = unique();
  await signIn(page, CLERK);
  const desk = await themeDesk(page, COMMENT_THEME.title);
  await page.goto(`${desk}/entry`);
  await page.locator('#f-channel').selectOption({ label: '郵送' });
  await field(page, 'body').fill(`手紙で届いた意見 ${mark}`);
  await field(page, 'name').fill(`根本 ${mark}`);
  await press(page, '登録して内容を見る');
  await page.getByText('補正を求める').first().click();
  await field(page, 'until').fill(day(10));
  await press(page, '補正を求める');
  await said(page, '補正待ち');
  const link = await page.locator('.intake__link').innerText();
  const home = await newPerson();
  await home.goto(link);
  await expect(home.getByRole('main')).toContainText(`手紙で届いた意見 ${mark}`);
});

test('the identities of a theme are exported for a reason', async ({ page }) => {
  await signIn(page, CLERK);
  const desk = await themeDesk(page, COMMENT_THEME.title);
  await page.goto(`${desk}/intake`);
  const link = page.getByRole('main').getByRole('link', { name: '提出者の情報を書き出す' });
  await link.click();
  await press(page, 'CSVに書き出す');
  await expect(page.getByRole('alert')).toContainText('理由');
  await page.locator('select[name=preset]').selectOption({ label: '重複の確認' });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSVに書き出す' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
});
