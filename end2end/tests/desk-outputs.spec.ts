import { ADMIN, ANSWERED_THEME, expect, field, signIn, test, unique } from '../support/fixtures.ts';
import { addChapter, addRow, closedTheme, said } from '../support/desk.ts';
import { press } from '../support/staff.ts';

/** What is taken from the desk, how it is printed, and what the ward sets for all themes. */

test.skip(({ isMobile }) => isMobile, 'departments work at desks');

const ONE = 'resident21@example.jp';

test('what is taken from the desk: files of the draft marked as such, texts, every opinion', async ({ page, newPerson }) => {
  test.slow();
  const of = unique();
  const { desk } = await closedTheme(page, newPerson, [{ by: ONE, title: `式 ${of}`, body: `=1+1 は #$*_[]@\\ と𠮷髙﨑㈱①😀 です ${of}` }]);
  await addChapter(page, desk, '記号');
  await addRow(page, desk, { opinion: `式 ${of}`, text: `=1+1 は #$*_[]@\\ と𠮷髙﨑㈱①😀 です ${of}`, answer: '=2 です。', disposition: '反映' });
  await page.goto(`${desk}/outputs`);
  await said(page, '公表前の案から作成しています');
  await expect(page.getByLabel('広報紙の原稿')).toHaveValue(/1人から1件/);
  await expect(page.getByLabel('委員会資料の原稿')).toHaveValue(/パブリックコメントの実施結果について/);
  const files: [string | RegExp, string, string][] = [
    [/^PDF/, 'application/pdf', '%PDF'],
    [/^Word/, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'PK'],
    [/^Excel/, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'PK'],
  ];
  for (const [name, type, start] of files) {
    const href = (await page.getByRole('main').getByRole('link', { name }).first().getAttribute('href')) ?? '';
    const file = await page.request.get(href, { timeout: 60_000 });
    expect(file.status(), href).toBe(200);
    expect(file.headers()['content-type'], href).toContain(type);
    expect((await file.body()).subarray(0, start.length).toString('latin1'), href).toBe(start);
  }
  // 機種依存文字 are written out where machines read, and nowhere else.
  const written = { csv: '𠮷髙﨑(株)(1)😀', 'utf8.csv': '𠮷髙﨑(株)(1)😀', txt: '𠮷髙﨑㈱①😀', json: '𠮷髙﨑㈱①😀' };
  for (const [part, words] of Object.entries(written)) {
    const file = await page.request.get(`${desk}/responses/preview.${part}`);
    expect(await file.text(), part).toContain(words);
  }
  const items = await page.request.get(`${desk}/responses/items.csv`);
  expect(await items.text()).toContain(of);
  await page.getByRole('main').locator('summary').filter({ hasText: '「主なご意見」に載せる行を選ぶ' }).click();
  await page.getByRole('checkbox').first().check();
  await press(page, '選んだ行で作り直す');
  await expect(page.getByLabel('委員会資料の原稿')).toHaveValue(new RegExp(of));
  await page.goto(`${desk}/approval`);
  await expect(page.getByRole('main')).toContainText('PDFのフォントにない文字が');
  await expect(page.getByRole('main')).toContainText('「😀」');
});

test('a theme has its own layout; the preview shows it', async ({ page, newPerson }) => {
  test.slow();
  const of = unique();
  const { desk } = await closedTheme(page, newPerson, [{ by: ONE, title: `様式 ${of}`, body: `様式を見る意見 ${of}` }]);
  await addChapter(page, desk, '様式');
  await addRow(page, desk, { opinion: `様式 ${of}`, text: `様式を見る意見 ${of}`, answer: '様式を見る考え方', disposition: '反映' });
  await page.goto(`${desk}/layout`);
  await press(page, 'このテーマだけの様式にする');
  await page.locator('#f-preset').selectOption({ label: '練馬区 ビジョン（凡例、対応状況、章の見出しを表の中に）' });
  await press(page, '読み込む');
  await said(page, 'まだ保存されていません');
  await expect(page.locator('#preview thead')).toContainText('対応状況');
  await field(page, 'title').fill('題のない表');
  await press(page, '保存する');
  await expect(page.getByRole('alert')).toContainText('テーマの名前が入りません。');
  await expect(field(page, 'title')).toHaveValue('題のない表');
  await field(page, 'title').fill('「{theme}」へのご意見と区の考え方');
  await page.getByRole('button', { name: '下へ 番号' }).click();
  await said(page, 'まだ保存されていません');
  await press(page, '保存する');
  await said(page, '様式を保存しました');
  await page.goto(`${desk}/responses/preview`);
  await said(page, '公表前の確認画面です');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('へのご意見と区の考え方');
  await expect(page.locator('.response-table thead')).toContainText('対応状況');
  await expect(page.getByRole('main')).toContainText('様式を見る考え方');
  await page.goto(`${desk}/layout`);
  await press(page, '区の様式に戻す');
  await press(page, '保存する');
  await page.goto(`${desk}/responses/preview`);
  await expect(page.locator('.response-table thead')).not.toContainText('対応状況');
});

test('settings: the steps of a decision, the ward’s own 対応区分, phrases', async ({ page }) => {
  test.slow();
  await signIn(page, ADMIN);

  await test.step('a step is added, named wrong, taken away', async () => {
    await page.goto('/staff/settings/workflow');
    await press(page, '段階を追加する');
    await said(page, 'まだ保存していません');
    await expect(page.locator('.workflow-step')).toHaveCount(3);
    await press(page, '保存する');
    await expect(page.getByRole('alert')).toContainText('第2段階の名前：入力してください。');
    // 決裁 stays the last.
    await expect(page.locator('.workflow-step').last().getByRole('textbox')).toHaveValue('決裁');
    await page.getByRole('button', { name: /^この段階を削除する/ }).nth(1).click();
    await expect(page.locator('.workflow-step')).toHaveCount(2);
    await press(page, '保存する');
    await said(page, '保存しました');
    await expect(page.getByRole('main')).toContainText('少なくとも3人の職員が必要です。');
  });

  await test.step('marks of its own', async () => {
    await page.goto('/staff/settings/dispositions');
    await press(page, '区分を追加する');
    const added = page.locator('.disposition-row').last();
    await added.getByLabel(/^印/).fill('採');
    await added.getByLabel('名前').fill('採用します');
    await press(page, '保存する');
    await expect(page.getByRole('alert')).toContainText('番目の区分');
    await expect(added.getByLabel('名前')).toHaveValue('採用します');
    await added.getByLabel(/^符号/).fill('adopted');
    await press(page, '保存する');
    await said(page, '対応区分を保存しました');
    await expect(page.locator('.disposition-row').last().getByLabel(/^符号/)).toHaveValue('adopted');
    await page.locator('.disposition-row').last().getByRole('button', { name: /^外す/ }).click();
    await press(page, '保存する');
    await said(page, '対応区分を保存しました');
  });

  await test.step('phrases', async () => {
    await page.goto('/staff/settings/phrases');
    const phrases = page.locator('.phrases textarea[name=text]');
    const last = phrases.last();
    await last.fill('前向きに取り組んでまいります');
    await page.locator('.phrases textarea[name=plain]').last().fill('〇〇年度に〇〇を行います');
    await press(page, '保存する');
    await said(page, '定型文を保存しました');
    const values = await phrases.evaluateAll((list) => list.map((i) => (i as HTMLTextAreaElement).value));
    expect(values).toContain('前向きに取り組んでまいります');
  });

  await test.step('an earlier answer is found by its words', async () => {
    await page.goto('/staff/answers');
    await page.getByLabel(/^言葉/).fill('スマートフォン 教室');
    await press(page, 'さがす');
    await expect(page.locator('.source-item').first()).toContainText(ANSWERED_THEME.title);
    await page.getByLabel(/^言葉/).fill('この世にない言葉ヌヌヌ');
    await press(page, 'さがす');
    await expect(page.getByRole('main')).toContainText('見つかりませんでした。');
  });
});
