import { ADMIN, CLERK, expect, field, signIn, test, unique, type Page } from '../support/fixtures.ts';
import { choose, day, press } from '../support/staff.ts';

/** The ward's rules for public comments, what happens when a theme breaks them, and what the public sees of it. */

test.skip(({ isMobile }) => isMobile, 'departments work at desks');

const said = (page: Page, text: string) => expect(page.getByRole('status').filter({ hasText: text })).toBeVisible();

/** A day as people read it, without the year: 12月1日. */
const inWords = (iso: string) => iso.replace(/^\d+-0?(\d+)-0?(\d+)$/, '$1月$2日');

/** Makes a public comment as a draft; gives the console's page of it. */
async function createComment(page: Page, title: string, slug: string, opens: number, closes: number): Promise<string> {
  await page.goto('/staff/consultations/new');
  await field(page, 'title').fill(title);
  await field(page, 'slug').fill(slug);
  await choose(page, 'kind', '意見公募（パブリックコメント）');
  await choose(page, 'department', '防災課');
  await field(page, 'summary').fill('橋の名前の案について、ご意見を募集します。');
  await field(page, 'body').fill('## 背景\n\n橋を架け替えます。');
  await field(page, 'methods').fill('本サイト、郵送');
  await field(page, 'opens_on').fill(day(opens));
  await field(page, 'closes_on').fill(day(closes));
  await press(page, '保存する');
  await said(page, 'テーマを保存しました');
  return new URL(page.url()).pathname;
}

test('a preset becomes the ward’s rules; a theme that breaks them needs a reason, which is published', async ({ page, newPerson }) => {
  test.slow();
  const slug = `hashi-${unique()}`;
  const title = `橋の名前（案）への意見募集 ${unique()}`;
  const reason = `工事の始まりに間に合わせるため、期間を短くしました（${slug}）。`;

  const admin = await newPerson();
  await test.step('the administrator fills the rules by a preset; a mistake loses nothing', async () => {
    await signIn(admin, ADMIN);
    await admin.goto('/staff');
    await admin.getByRole('link', { name: '設定' }).first().click();
    await admin.getByRole('radio', { name: /^目黒区型/ }).check();
    await press(admin, 'このひな型を下の欄に入れる');
    await expect(admin.getByRole('main')).toContainText('まだ保存していません。');
    await expect(field(admin, 'min_days')).toHaveValue('30');
    await field(admin, 'min_days').fill('三十');
    await field(admin, 'result_places').fill('区ホームページ\n橋のたもとの掲示板');
    await press(admin, '保存する');
    await expect(admin.getByRole('alert')).toContainText('募集期間の下限（日数）');
    await expect(field(admin, 'min_days')).toHaveValue('三十');
    await expect(field(admin, 'result_places')).toHaveValue('区ホームページ\n橋のたもとの掲示板');
    await field(admin, 'min_days').fill('30');
    await press(admin, '保存する');
    await said(admin, '設定を保存しました');
  });

  await signIn(page, CLERK);
  await test.step('others don’t get there', async () => {
    expect((await page.goto('/staff/settings'))?.status()).toBe(403);
  });

  const desk = await createComment(page, title, slug, 0, 14);
  await test.step('publishing is refused in words', async () => {
    await expect(page.getByRole('main')).toContainText('募集期間が区のきまりに合っていません');
    await press(page, '今すぐ公開する');
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('きまりに合わないため、公開できませんでした');
    await expect(alert).toContainText(/募集期間が1\d日間で、下限の30日間に1\d日足りません。/);
    const visitor = await newPerson();
    expect((await visitor.goto(`/consultations/${slug}`))?.status()).toBe(404);
  });

  await test.step('with a reason it is published, and the reason with it', async () => {
    await page.getByRole('main').getByRole('link', { name: '日程や理由を入力する' }).click();
    await field(page, 'rules_reason').fill(reason);
    await press(page, '保存する');
    await expect(page.getByRole('main')).toContainText('理由が入力されているため、このまま公開できます。');
    await press(page, '今すぐ公開する');
    await said(page, 'テーマを公開しました');
  });

  const visitor = await newPerson();
  await test.step('the public sees the terms, the reason and the timeline', async () => {
    await visitor.goto(`/consultations/${slug}`);
    const main = visitor.getByRole('main');
    await expect(main).toContainText(reason);
    await expect(main).toContainText('橋のたもとの掲示板');
    await expect(main).toContainText('件数の多さではなく、内容により検討します。');
    const timeline = main.getByRole('list', { name: '進み具合' });
    for (const phase of ['準備', '募集', '集計・検討', '結果公表', '進捗']) await expect(timeline).toContainText(phase);
    await expect(timeline.locator('[aria-current]')).toContainText('募集');
    await expect(timeline).toContainText(inWords(day(14)));
  });

  await test.step('an extension has a reason, and shows on the timeline and in the history', async () => {
    await page.goto(desk);
    await page.getByRole('main').getByRole('link', { name: '募集期間の延長' }).first().click();
    await field(page, 'closes_on').fill(day(10));
    await press(page, '延長する');
    await expect(page.getByRole('alert').getByRole('link')).toHaveCount(2);
    await expect(field(page, 'closes_on')).toHaveValue(day(10));
    await field(page, 'closes_on').fill(day(40));
    await field(page, 'reason').fill(`資料を追加したため（${slug}）`);
    await press(page, '延長する');
    await said(page, '募集期間を延長しました');
    await visitor.reload();
    const main = visitor.getByRole('main');
    await expect(main.getByRole('list', { name: '進み具合' })).toContainText(inWords(day(40)));
    await expect(main).toContainText(new RegExp(`募集期間を令和\\d+年${inWords(day(40))}`));
    await expect(main).toContainText(`理由：資料を追加したため（${slug}）`);
  });

  await test.step('once it has begun, its period is changed by an extension only', async () => {
    await page.goto(`${desk}/edit`);
    await expect(page.locator('#f-closes_on')).not.toHaveJSProperty('tagName', 'INPUT');
    await expect(page.getByRole('main')).toContainText('募集が始まったため、募集期間はこの画面では変更できません。');
  });

  await test.step('a copy starts as a draft, with text and rules, without dates and reasons', async () => {
    await page.goto(desk);
    await press(page, 'このテーマを複製する');
    await said(page, 'テーマを複製しました');
    await expect(field(page, 'title')).toHaveValue(`${title}（写し）`);
    await expect(field(page, 'body')).toHaveValue(/橋を架け替えます。/);
    await expect(field(page, 'rules_reason')).toHaveValue('');
    await expect(field(page, 'min_days')).toHaveValue('30');
    expect(new URL(page.url()).pathname).not.toContain(`${desk}/`);
  });
});

test('a theme’s own handling needs a reason; an open dialogue has none of it', async ({ page }) => {
  await signIn(page, CLERK);
  const desk = await createComment(page, `電話でも受ける募集 ${unique()}`, `denwa-${unique()}`, 2, 60);
  await page.goto(`${desk}/edit`);
  await page.getByText('この募集だけ取扱いを変える').click();
  const oral = page.locator('input[name=oral][value=accept]');
  await expect(oral).not.toBeChecked();
  await oral.check();
  await press(page, '保存する');
  await page.getByRole('alert').getByRole('link', { name: /^募集期間等についての説明：/ }).click();
  await expect(page.getByRole('main')).toContainText('区のきまりと異なる項目：電話や口頭による意見');
  await expect(oral, 'what was chosen is still there').toBeChecked();
  await field(page, 'rules_reason').fill('ご自分で書くことが難しい方のためです。');
  await press(page, '保存する');
  await said(page, 'テーマを保存しました');
  await page.goto(`${desk}/edit`);
  await expect(page.getByRole('main')).toContainText('区のきまりと異なる項目：電話や口頭による意見');
  await choose(page, 'kind', 'オープントーク');
  await expect(page.locator('.theme-rules')).toBeHidden();
});
