import { CLERK, COMMENT_THEME, expect, field, signIn, test, unique, type Page } from '../support/fixtures.ts';
import { day, press, themeDesk } from '../support/staff.ts';

/** Bringing in a department's own table: every problem by row and column first, then all of it or nothing, and back again. */

test.skip(({ isMobile }) => isMobile, 'departments work at desks');

const said = (page: Page, text: string) => expect(page.getByRole('status').filter({ hasText: text })).toBeVisible();
const rows = (page: Page) => page.locator('.intake tbody tr');

/** A table in Shift_JIS (CP932, because of 髙), as Excel writes it. */
const SHIFT_JIS = Buffer.from(
  [
    // 意見,提出方法,氏名,住所
    '88d38ca92c92f18f6f95fb96402c8e8196bc2c8f5a8f8a0d0a',
    // 階段に手すりを付けてください。,郵送,髙橋 一郎,みなも区本町1
    '8a4b926982c98ee882b782e882f0957482af82c482ad82be82b382a281422c975891972ceee08bb42088ea98592c82dd82c882e08be6967b92ac310d0a',
    // ①滑り止めを貼ってください。②照明を明るくしてください。,FAX,本田 花子,みなも区緑町2
    '87408a8a82e88e7e82df82f0935c82c182c482ad82be82b382a2814287418fc696be82f096be82e982ad82b582c482ad82be82b382a281422c4641582c967b93632089d48e712c82dd82c882e08be697ce92ac320d0a',
  ].join(''),
  'hex',
);

/** Opens the import of the running public comment, for a clerk. */
async function openImport(page: Page): Promise<string> {
  await signIn(page, CLERK);
  return themeDesk(page, COMMENT_THEME.title);
}

async function upload(page: Page, desk: string, name: string, bytes: Buffer | string): Promise<void> {
  await page.goto(`${desk}/import`);
  await field(page, 'file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(bytes) });
  await press(page, 'ファイルを読み込む');
}

const chosen = (page: Page, target: string) => field(page, `col_${target}`).locator('option:checked');

test('a table with problems, corrected, brought in, found in the queue, taken out again', async ({ page }) => {
  test.slow();
  const mark = unique();
  const desk = await openImport(page);
  const table = (channel: string, received: string) =>
    `ご意見,提出方法,収受日,氏名,住所,担当者印\r\n` +
    `"橋に名前を付けてください（${mark}）。\r\n二行目",郵送,${day(-2)},三浦 一,みなも区本町1,印\r\n` +
    `橋に灯りを付けてください（${mark}）。,${channel},${received},三浦 二,みなも区本町2,\r\n`;

  await test.step('the columns are recognised by their headings, and can be chosen', async () => {
    await upload(page, desk, '意見一覧.csv', table('伝書鳩', '令和8年2月30日'));
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('列の対応');
    await expect(page.locator('.facts')).toContainText('UTF-8');
    await expect(chosen(page, 'channel')).toHaveText('B 提出方法');
    await expect(chosen(page, 'name')).toHaveText('D 氏名');
    await field(page, 'col_body').selectOption('');
    await press(page, '全行を点検する');
    await expect(page.getByRole('alert')).toContainText('意見：');
    await expect(chosen(page, 'name')).toHaveText('D 氏名');
    await field(page, 'col_body').selectOption({ label: 'A ご意見' });
    await press(page, '全行を点検する');
  });

  await test.step('the dry run says what is wrong in which row and column, and changes nothing', async () => {
    await expect(page.getByRole('main')).toContainText('取り込めません（直す箇所が2件あります）');
    const found = page.locator('.table tbody tr');
    // The second submission stands in the row that Excel calls the third.
    await expect(found.filter({ hasText: 'B 提出方法' })).toContainText('3行目');
    await expect(found.filter({ hasText: 'B 提出方法' })).toContainText('提出方法「伝書鳩」が分かりません。');
    await expect(found.filter({ hasText: 'C 収受日' })).toContainText('「令和8年2月30日」は暦にない日です。');
    await expect(page.getByRole('button', { name: /取り込む$/ })).toHaveCount(0);
    const list = await page.request.get((await page.getByRole('link', { name: '一覧をCSVでダウンロードする' }).getAttribute('href')) ?? '');
    expect(await list.text()).toContain('伝書鳩');
    await page.goto(`${desk}/intake?q=${mark}`);
    await expect(rows(page)).toHaveCount(0);
  });

  await test.step('the corrected table is brought in as a whole', async () => {
    await upload(page, desk, '意見一覧（直し）.csv', table('ファクス', day(-1)));
    await field(page, 'col_body').selectOption({ label: 'A ご意見' });
    await press(page, '全行を点検する');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('点検の結果');
    await press(page, '2通を取り込む');
    await said(page, '取り込みました');
    await page.getByRole('main').getByRole('link', { name: '受付一覧で見る' }).click();
    await expect(rows(page)).toHaveCount(2);
    await expect(rows(page).filter({ hasText: '橋に灯り' })).toContainText('FAX');
    await expect(page.getByRole('main'), 'the queue names nobody').not.toContainText('三浦');
  });

  await test.step('the same file again is warned about', async () => {
    await upload(page, desk, 'もう一度.csv', table('ファクス', day(-1)));
    await expect(page.getByRole('main')).toContainText('同じ内容のファイルが、このテーマに取り込み済みです');
    await press(page, 'ファイルを破棄する');
    await said(page, '読み込んだファイルを破棄しました');
  });

  await test.step('once somebody has worked on one of them it stays; otherwise all are taken out', async () => {
    await page.goto(`${desk}/import`);
    await page.getByRole('link', { name: '意見一覧（直し）.csv' }).click();
    await press(page, '取り消す');
    await said(page, '取り込みを取り消しました');
    await page.goto(`${desk}/intake?q=${mark}`);
    await expect(rows(page)).toHaveCount(0);
  });
});

test('Shift_JIS is recognised; what the table does not say is given once; a letter is cut into its opinions', async ({ page }) => {
  const desk = await openImport(page);
  await upload(page, desk, '郵送分.csv', SHIFT_JIS);
  await expect(page.locator('.facts')).toContainText('Shift_JIS');
  await expect(page.locator('.table')).toContainText('髙橋 一郎');
  await page.getByLabel(/^「①②③」などの番号や段落で/).check();
  // The day of the upload is proposed; a clerk who takes it out has to put in another.
  await expect(field(page, 'default_received')).not.toHaveValue('');
  await field(page, 'default_received').fill('');
  await press(page, '全行を点検する');
  await expect(page.getByRole('alert')).toContainText('収受日が空欄のとき：');
  await expect(page.getByLabel(/^「①②③」などの番号や段落で/)).toBeChecked();
  await field(page, 'default_received').fill(day(-1));
  await press(page, '全行を点検する');
  const facts = page.locator('.facts');
  await expect(facts).toContainText(/提出数\s*2/);
  await expect(facts).toContainText(/意見件数\s*3/);
  await press(page, '2通を取り込む');
  await said(page, '取り込みました');
  await page.getByRole('main').getByRole('link', { name: '受付一覧で見る' }).click();
  const letter = rows(page).filter({ hasText: '滑り止め' });
  await expect(letter).toContainText('意見2件');
  // A note is work: the import can't be taken back any more, and says because of which submission.
  await letter.getByRole('link').first().click();
  const number = (await page.getByRole('heading', { level: 1 }).innerText()).match(/R\d+-[0-9A-Z]{4}-[0-9A-Z]{4}/)?.[0];
  await field(page, 'note').fill('電話で確かめました。');
  await press(page, 'メモを追加する');
  await page.goto(`${desk}/import`);
  await page.getByRole('link', { name: '郵送分.csv' }).first().click();
  await press(page, '取り消す');
  await expect(page.getByRole('alert')).toContainText('取り消せません');
  if (number) await expect(page.getByRole('alert')).toContainText(number);
});

test('what is no table is refused with the reason, and nothing is kept', async ({ page }) => {
  const desk = await openImport(page);
  const files: [string, Buffer | string, string][] = [
    ['一覧.csv', '<!DOCTYPE html><html><body><table><tr><td>意見</td></tr></table></body></html>', '中身がウェブページ（HTML）です。'],
    ['一覧.xlsx', '%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n', 'これはPDFファイルです。'],
    ['一覧.csv', '意見,氏名\n橋を直してください。\n', '2行目の列数が見出しと合いません（見出し2列、この行1列）。'],
    ['一覧.csv', '意見,意見\na,b\n', '見出し「意見」が2列以上にあります。'],
    ['一覧.csv', '意見,氏名\n', '見出しか、見出しの下の行がありません。'],
  ];
  for (const [name, bytes, message] of files) {
    await upload(page, desk, name, bytes);
    await expect(page.getByRole('alert')).toContainText('このファイルは読み込めませんでした');
    await expect(page.getByRole('alert')).toContainText(message);
  }
  await page.goto(`${desk}/import`);
  await press(page, 'ファイルを読み込む');
  await expect(page.getByRole('alert')).toContainText('ファイルが選ばれていません。');
});
