import { ANSWERED_THEME, APPROVER, CLERK, OTHER_CLERK, expect, field, signIn, test, unique } from '../support/fixtures.ts';
import { addChapter, addRow, card, closedTheme, row, said, unfold } from '../support/desk.ts';
import { choose, day, press } from '../support/staff.ts';

/** One row: its summary and its answer, by the theme’s own department and by others. */

test.skip(({ isMobile }) => isMobile, 'departments work at desks');

const ONE = 'resident21@example.jp';
const TWO = 'resident22@example.jp';

test('one row: originals beside the summary, what to look at, a second person, an answer from earlier ones', async ({ page, newPerson }) => {
  test.slow();
  const of = unique();
  const body = `スマートフォン教室の会場が遠く、月3回は通えません。町会会館や図書館などの身近な場所で、少人数の教室を開いてほしい。 ${of}`;
  const { desk } = await closedTheme(page, newPerson, [
    { by: ONE, title: `教室 ${of}`, body },
    { by: TWO, title: `公園の椅子 ${of}`, body: `公園に背もたれのある椅子を置いてほしい ${of}` },
  ]);
  await addChapter(page, desk, '地域のデジタル化');
  await page.goto(`${desk}/responses`);
  await card(page, `教室 ${of}`).getByRole('link', { name: /^この意見から行を作る/ }).click();

  await test.step('the original stands beside; what was lost is pointed out before anything is saved', async () => {
    await expect(page.getByRole('region', { name: '寄せられた意見の原文（1件）' })).toContainText(body);
    await field(page, 'text').fill('スマートフォン教室を身近な場所で開いてほしい。連絡先は03-1234-5678です。');
    await press(page, '確かめる');
    await said(page, 'まだ保存していません');
    const findings = page.locator('.findings').first();
    await expect(findings).toContainText(/月?3回.*要旨にありません/);
    await expect(findings).toContainText('電話番号と思われる「03-1234-5678」があります。');
    await expect(page.locator('.originals__difference')).toContainText('会場が遠く');
  });

  await test.step('personal data is not settled by the way', async () => {
    await field(page, 'answer').fill('身近な会場を増やします。');
    await choose(page, 'disposition', '反映');
    await press(page, '回答を確定する');
    await expect(page.getByRole('alert')).toContainText('個人を特定できる記述ではないこと');
    await expect(field(page, 'answer')).toHaveValue('身近な会場を増やします。');
    await field(page, 'text').fill('スマートフォン教室を、身近な場所で、少人数で開いてほしい。');
    await field(page, 'answer').fill('会場については検討します。');
    await press(page, '下書きのまま保存');
    await said(page, '保存しました');
    await expect(page.locator('.status-line').filter({ hasText: '回答は、まだ確定していません' })).toBeVisible();
  });
  const path = new URL(page.url()).pathname;

  await test.step('phrases have a plainer way to say it', async () => {
    const hints = page.locator('.findings').filter({ hasText: '回答の書き方' });
    await expect(hints).toContainText('検討します');
    await expect(hints.getByRole('link', { name: /^約束として登録する/ })).toBeVisible();
    await unfold(page, /^定型文から選ぶ/);
    await page.getByRole('button', { name: /^言い換えを入れる/ }).first().click();
    await said(page, '回答の欄に入れました。まだ保存していません');
    await expect(field(page, 'answer')).toHaveValue(/^会場については検討します。\n/);
  });

  await test.step('an earlier answer to the like is beside it, and can be used', async () => {
    const past = page.locator('.past').filter({ hasText: ANSWERED_THEME.title }).first();
    await expect(past).toContainText('デジタル推進課');
    await past.locator('summary').click();
    await expect(past).toContainText('共通する言葉');
    await past.getByRole('button', { name: 'この回答を使う' }).click();
    await expect(field(page, 'answer')).toHaveValue(/会場が遠いこと/);
    await page.goto(path);
    await expect(field(page, 'answer'), 'nothing is saved by it').toHaveValue('会場については検討します。');
  });

  await test.step('who wrote the summary does not confirm it; somebody else does', async () => {
    await expect(page.locator('.confirmation')).toContainText('要旨を書いたあなたとは別の職員が、確認します。');
    await expect(page.getByRole('button', { name: '要旨を確認しました' })).toHaveCount(0);
    const other = await newPerson();
    await signIn(other, APPROVER);
    await other.goto(path);
    await field(other, 'answer').fill('書きかけの回答');
    await press(other, '要旨を確認しました');
    await expect(other.getByRole('alert')).toContainText('保存していない入力があります');
    await expect(field(other, 'answer')).toHaveValue('書きかけの回答');
    await other.goto(path);
    await press(other, '要旨を確認しました');
    await said(other, '要旨を確認しました');
    await expect(other.locator('.confirmation')).toContainText('堀江 正彦さんが確認しました');
    await page.goto(path);
    await field(page, 'text').fill('スマートフォン教室を、身近な場所で開いてほしい。');
    await press(page, '回答を確定する');
    await said(page, '保存しました');
    await expect(page.locator('.confirmation'), 'a new text is to be confirmed anew').toContainText('別の職員が、確認します。');
  });

  await test.step('one answer for two rows', async () => {
    await page.goto(`${desk}/responses`);
    await card(page, `公園の椅子 ${of}`).getByRole('link', { name: /^この意見から行を作る/ }).click();
    await unfold(page, 'ほかの行と共通の考え方にする');
    await field(page, 'share_row').fill('7-7');
    await press(page, '回答を確定する');
    await expect(page.getByRole('alert')).toContainText('共通にする行の番号');
    await expect(field(page, 'share_row')).toHaveValue('7-7');
    await field(page, 'share_row').fill('1-1');
    await press(page, '回答を確定する');
    await said(page, '保存しました');
    await expect(page.getByRole('main')).toContainText('この考え方は、No.1-1 と共通です。');
    await expect(field(page, 'answer')).toHaveValue('会場については検討します。');
    await page.goto(`${desk}/responses`);
    await expect(row(page, '1-1')).toContainText('ほか1行と共通の考え方');
  });
});

test('a row goes to another department: its board, its answer, a question to a third, the way back', async ({ page, newPerson, mailTo }) => {
  test.slow();
  const of = unique();
  const { desk, title } = await closedTheme(page, newPerson, [
    { by: ONE, title: `電波 ${of}`, body: `避難所の電波が弱いので、中継器を置いてほしい ${of}` },
    { by: ONE, title: `毛布 ${of}`, body: `毛布の数を増やしてほしい ${of}` },
  ]);
  await addChapter(page, desk, '設備');
  const path = await addRow(page, desk, { opinion: `電波 ${of}`, text: `中継器を置いてほしい ${of}`, answer: '' });
  await addRow(page, desk, { opinion: `毛布 ${of}`, text: `毛布を増やしてほしい ${of}`, answer: '' });
  const other = await newPerson();
  await signIn(other, OTHER_CLERK);

  await test.step('another department sees nothing of it before', async () => {
    expect((await other.goto(path))?.status()).toBeGreaterThanOrEqual(403);
    await other.goto('/staff/board');
    await expect(other.getByRole('main')).not.toContainText(of);
  });

  await test.step('given with a day', async () => {
    await page.goto(`${desk}/routing`);
    await press(page, '割り当てる');
    await expect(page.getByRole('alert')).toContainText('割り当てる行');
    await field(page, 'rows').fill('1-1');
    await choose(page, 'department', 'デジタル推進課');
    await field(page, 'due_on').fill('きのう');
    await field(page, 'note').fill('契約の更新の時期も教えてください。');
    await press(page, '割り当てる');
    await expect(page.getByRole('alert')).toContainText('日付の形式をご確認ください');
    await expect(field(page, 'note')).toHaveValue('契約の更新の時期も教えてください。');
    await field(page, 'due_on').fill(day(7));
    await press(page, '割り当てる');
    await said(page, '1行を割り当てました');
    const mail = await mailTo(OTHER_CLERK, '回答の作成をお願いします');
    expect(mail.text).toContain(title);
    expect(mail.text).toContain('契約の更新の時期も教えてください。');
    await page.goto(`${desk}/responses`);
    await expect(row(page, '1-1')).toContainText('デジタル推進課');
    await expect(row(page, '1-1')).toContainText('まで');
  });

  await test.step('on its board it has a day, and only the answer can be written', async () => {
    await other.goto('/staff/board');
    const item = other.locator('.board__item').filter({ hasText: of });
    await expect(item).toHaveCount(1);
    await expect(item).toContainText('未着手');
    await expect(item).toContainText('期限：');
    await item.getByRole('link', { name: /^回答を書く/ }).click();
    await expect(other.getByRole('main')).toContainText('ほかの課のテーマから回答を依頼されたものです');
    await expect(other.getByRole('main')).toContainText(`避難所の電波が弱い`);
    await expect(other.locator('#f-text')).toHaveCount(0);
    await field(other, 'answer').fill('契約を更新する来年度に、中継器を置きます。');
    await choose(other, 'disposition', '反映');
    await press(other, '回答を確定する');
    await said(other, '保存しました');
    await other.goto('/staff/board?show=settled');
    await expect(other.locator('.board__item').filter({ hasText: of })).toContainText('回答確定');
  });

  await test.step('合議', async () => {
    await page.goto(path.replace(/$/, '/routing'));
    await choose(page, 'asked_department', 'デジタル推進課');
    await press(page, '合議を依頼する');
    await expect(page.getByRole('alert')).toContainText('問い合わせの内容');
    await field(page, 'question').fill('停電のときも使えますか。');
    await press(page, '合議を依頼する');
    await said(page, '合議を依頼しました');
    const mail = await mailTo(OTHER_CLERK, '合議のお願い');
    expect(mail.text).toContain('停電のときも使えますか。');
    await other.goto('/staff/board');
    await other.locator('.board__item').filter({ hasText: '停電のときも使えますか。' }).getByRole('link', { name: /^返事を書く/ }).click();
    await field(other, 'reply').fill('予備の電源で8時間使えます。');
    await press(other, '返事を送る');
    await said(other, '返事を送りました');
    expect((await mailTo(CLERK, '合議の返事が届きました')).text).toContain('予備の電源で8時間使えます。');
    await page.reload();
    await expect(page.getByRole('main')).toContainText('予備の電源で8時間使えます。');
  });

  await test.step('所管替え with its reason', async () => {
    await choose(page, 'department', '防災課');
    await press(page, '移す');
    await expect(page.getByRole('alert')).toContainText('移す理由');
    await field(page, 'transfer_note').fill('備品として置くため');
    await press(page, '移す');
    await said(page, 'ほかの課に移しました');
    await expect(page.getByRole('main')).toContainText('デジタル推進課 から 防災課 へ');
    expect((await other.goto(path))?.status()).toBeGreaterThanOrEqual(403);
  });
});
