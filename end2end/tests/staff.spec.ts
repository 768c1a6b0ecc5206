import { fileURLToPath } from 'node:url';
import {
  ADMIN,
  APPROVER,
  CLERK,
  OPEN_THEME,
  OTHER_CLERK,
  expect,
  field,
  linkOf,
  post,
  signIn,
  signOut,
  signOutButton,
  test,
  unique,
} from '../support/fixtures.ts';
import { addChapter, addRow, approve, checkLine, confirmAll, openRow, publish, putUp, targeted } from '../support/desk.ts';
import { choose, closeTheme, createTheme, day, press, publishTheme } from '../support/staff.ts';

/** The work of the departments: themes, moderation, the ward's view. */

const demo = (name: string) => fileURLToPath(new URL(`../../server/demo/${name}`, import.meta.url));

test('a theme: draft, preview, publish', async ({ page, newPerson }) => {
  const title = `避難所の運営を話し合おう ${unique()}`;
  const slug = `shelter-${unique()}`;
  await signIn(page, CLERK);
  const desk = await createTheme(page, { title, slug, opens: 0, closes: 30 });
  const visitor = await newPerson();

  await test.step('nobody else sees the draft, staff see a preview', async () => {
    expect((await visitor.goto(`/consultations/${slug}`))?.status()).toBe(404);
    await page.goto(desk);
    await page.getByRole('link', { name: '公開前の画面を確認する' }).click();
    await expect(page.getByText('公開前の確認画面です')).toBeVisible();
    await expect(page.getByRole('heading', { name: '背景' })).toBeVisible();
    await expect(page.locator('.markdown strong')).toHaveText('避難所');
  });

  await test.step('published, it is open to everybody', async () => {
    await publishTheme(page, desk);
    expect((await visitor.goto(`/consultations/${slug}`))?.status()).toBe(200);
    await expect(visitor.getByRole('heading', { level: 1, name: title })).toBeVisible();
    await visitor.goto('/consultations?phase=open');
    await expect(visitor.locator('#results')).toContainText(title);
  });

  await test.step('an address is given once, and nothing typed is lost', async () => {
    await page.goto('/staff/consultations/new');
    await field(page, 'slug').fill(slug);
    await field(page, 'title').fill('同じアドレスのテーマ');
    await choose(page, 'kind', 'オープントーク');
    await field(page, 'summary').fill('概要です。');
    await field(page, 'body').fill('本文です。');
    await field(page, 'opens_on').fill('令和8年12月1日');
    await field(page, 'closes_on').fill('R8.12.20');
    await press(page, '保存する');
    await expect(page.getByRole('alert')).toContainText('このアドレスは別のテーマで使われています。');
    await expect(page).toHaveTitle(/^入力内容をご確認ください/);
    await expect(field(page, 'title')).toHaveValue('同じアドレスのテーマ');
    await expect(field(page, 'opens_on')).toHaveValue('令和8年12月1日');
    await expect(page.getByRole('main')).toContainText('入力した日付：令和8年12月1日（火）');
  });

  await test.step('nobody has answered, so it can be taken back', async () => {
    await page.goto(desk);
    await press(page, '下書きに戻す');
    await expect(page.getByRole('status')).toContainText('テーマを下書きに戻しました');
    expect((await visitor.goto(`/consultations/${slug}`))?.status()).toBe(404);
  });
});

test('a theme with questions, a cover, a document and a day of publication', async ({ page, newPerson }) => {
  const title = `橋の名前を決めよう ${unique()}`;
  const slug = `bridge-${unique()}`;
  await signIn(page, CLERK);
  const desk = await createTheme(page, { title, slug, opens: 3, closes: 30 });

  await test.step('questions, more than the form had room for', async () => {
    await page.goto(`${desk}/edit`);
    const rows = page.locator('input[name="question_title"]');
    const before = await rows.count();
    await rows.nth(0).fill('どんな橋になってほしいですか');
    await press(page, '問いの欄を増やす');
    await expect(rows).toHaveCount(before + 2);
    await expect(rows.nth(0)).toHaveValue('どんな橋になってほしいですか');
    await rows.nth(before + 1).fill('名前の案を教えてください');
    await press(page, '保存する');
    await page.goto(`${desk}/preview`);
    await expect(page.locator('.question-list > li')).toHaveCount(2);
  });

  await test.step('a cover needs words for those who cannot see it', async () => {
    await page.goto(desk);
    await page.locator('input[name="cover"]').setInputFiles(demo('cover.jpg'));
    await press(page, '画像を保存する');
    await expect(page.getByRole('alert')).toContainText('画像の内容を言葉で説明してください。');
    await page.locator('input[name="cover"]').setInputFiles(demo('cover.jpg'));
    await field(page, 'cover_alt').fill('川に架かる古い橋を渡る人たち');
    await press(page, '画像を保存する');
    await expect(page.getByRole('status')).toContainText('画像を保存しました');
    const cover = page.getByRole('img', { name: '川に架かる古い橋を渡る人たち' });
    await expect.poll(() => cover.evaluate((i: HTMLImageElement) => i.naturalWidth)).toBeGreaterThan(100);
  });

  await test.step('a document', async () => {
    await page.goto(`${desk}/documents`);
    await page.getByRole('main').getByRole('link', { name: '資料を追加する' }).click();
    await field(page, 'document_title').fill('橋の図面');
    await choose(page, 'stage', '素案');
    await page.locator('input[name="document"]').setInputFiles(demo('cover.jpg'));
    await press(page, '追加する');
    await expect(page.getByRole('alert')).toContainText('この種類のファイルは使用できません。');
    await expect(field(page, 'document_title')).toHaveValue('橋の図面');
    await expect(page.getByRole('radio', { name: '素案', exact: true })).toBeChecked();
    await page.locator('input[name="document"]').setInputFiles(demo('draft.pdf'));
    await press(page, '追加する');
    await expect(page.getByRole('status')).toContainText('資料を追加しました');
    await expect(page.getByRole('main')).toContainText('橋の図面');
    await page.goto(desk);
  });

  const visitor = await newPerson();
  await test.step('published at a set time: until then nobody sees it', async () => {
    await press(page, 'この日時に公開する');
    await expect(page.getByRole('alert')).toContainText('公開する日：入力してください。');
    expect((await visitor.goto(`/consultations/${slug}`))?.status(), 'nothing is published without a time').toBe(404);
    await field(page, 'at_date').fill('昨日');
    await field(page, 'at_time').fill('25:00');
    await press(page, 'この日時に公開する');
    await expect(page.getByRole('alert')).toContainText('日付の形式をご確認ください');
    await expect(field(page, 'at_date')).toHaveValue('昨日');
    await field(page, 'at_date').fill(day(1));
    await field(page, 'at_time').fill('９時30分');
    await press(page, 'この日時に公開する');
    await expect(page.getByRole('status')).toContainText('公開の日時を設定しました');
    expect((await visitor.goto(`/consultations/${slug}`))?.status()).toBe(404);
  });

  await test.step('published after all', async () => {
    await publishTheme(page, desk);
    await visitor.goto(`/consultations/${slug}`);
    await expect(visitor.getByRole('img', { name: '川に架かる古い橋を渡る人たち' })).toBeVisible();
    const file = await visitor.request.get((await visitor.getByRole('link', { name: '橋の図面' }).getAttribute('href')) ?? '');
    expect(file.headers()['content-type']).toBe('application/pdf');
    await expect(visitor.getByRole('main')).toContainText('募集が始まると、ここから投稿できます。');
  });
});

test('a proposal is hidden with a reason, its author is told, and it is shown again', async ({ page, newPerson, mailTo }) => {
  const author = 'resident41@example.jp';
  const title = `消されるかもしれない意見 ${unique()}`;
  const secret = `公開されてはいけない電話番号 ${unique()}`;
  const visitor = await newPerson();

  await signIn(page, author);
  const address = await post(page, OPEN_THEME.slug, title, secret);
  await signOut(page);

  await signIn(page, CLERK);
  await page.goto('/staff/moderation');
  await page.getByRole('main').getByRole('link', { name: title }).click();
  const desk = new URL(page.url()).pathname;
  await test.step('a reason is needed', async () => {
    await page.getByText('理由をつけて非表示にする').click();
    await press(page, '非表示にする');
    await expect(page.getByRole('alert')).toContainText('理由（自由記入）：入力してください。');
  });
  await page.getByRole('radio', { name: '個人情報が含まれるため' }).check();
  await field(page, 'reason').fill('電話番号を消せば、もう一度投稿できます。');
  await press(page, '非表示にする');
  await expect(page.getByRole('status')).toContainText('投稿を非表示にしました');

  await test.step('everybody sees that something was hidden, and nobody what', async () => {
    for (const person of [visitor, page]) {
      await person.goto(`/consultations/${OPEN_THEME.slug}/proposals`);
      await expect(person.locator('.placeholder').first()).toBeVisible();
      await expect(person.getByText(title)).toHaveCount(0);
      await expect(person.getByText(secret)).toHaveCount(0);
    }
    await visitor.goto(address);
    await expect(visitor.getByRole('heading', { level: 1, name: '非表示の投稿' })).toBeVisible();
    await expect(visitor.getByRole('main')).toContainText('この投稿は、投稿のきまりに沿って区が非表示にしました。');
    await expect(visitor.getByText(secret)).toHaveCount(0);
    await expect(visitor.getByText(title)).toHaveCount(0);
    await visitor.goto(`/consultations/${OPEN_THEME.slug}/proposals?q=${encodeURIComponent(secret)}`);
    await expect(visitor.locator('.proposal-list')).toHaveCount(0);
  });

  await test.step('the author is told why, and still reads the own words', async () => {
    const mail = await mailTo(author, '投稿の表示について');
    expect(mail.text).toContain('個人情報が含まれるため\n電話番号を消せば、もう一度投稿できます。');
    expect(mail.text).toContain(title);
    await signIn(visitor, author);
    await visitor.goto(linkOf(mail, '/proposals/'));
    await expect(visitor.getByRole('main')).toContainText(secret);
    await expect(visitor.getByRole('main')).toContainText('個人情報が含まれるため');
    await signOut(visitor);
  });

  await page.goto(desk);
  await page.getByRole('main').getByRole('button', { name: /^再び表示する/ }).click();
  await expect(page.getByRole('status')).toContainText('投稿を再び表示しました');
  await visitor.goto(address);
  await expect(visitor.getByText(secret)).toBeVisible();
  await mailTo(author, '投稿を再び表示しました');
});

test("the ward's view: chapter, summary, answer, 対応区分, publish", async ({ page, newPerson, mailTo }) => {
  test.slow();
  const author = 'resident42@example.jp';
  const slug = `keys-${unique()}`;
  const opinion = `倉庫の鍵を三人で持ってほしい ${unique()}`;
  const summary = '備蓄倉庫の鍵は、地域の複数の人が持つようにしてほしい。';
  const answer = 'ご意見を踏まえ、来年度から三つの鍵を町会にお預けします。';
  const visitor = await newPerson();
  let desk = '';

  await test.step('a theme with one opinion, whose period is over', async () => {
    await signIn(page, CLERK);
    desk = await createTheme(page, { title: `備蓄倉庫の鍵を話し合おう ${unique()}`, slug, opens: -10, closes: 5 });
    await publishTheme(page, desk);
    await signIn(visitor, author);
    await post(visitor, slug, opinion, '一人だけが持っていると、その人が留守のときに開きません。');
    await visitor.goto(`/consultations/${slug}/proposals/new`);
    await closeTheme(page, desk);
  });

  await test.step('who was still writing is told, and keeps the text', async () => {
    await field(visitor, 'body').fill('締切のあとに送られた文章です。');
    await press(visitor, '投稿する');
    await expect(visitor.getByRole('alert')).toContainText('現在、このテーマでは意見を受け付けていません。');
    await expect(field(visitor, 'body')).toHaveValue('締切のあとに送られた文章です。');
    await signOut(visitor);
    await visitor.goto(`/consultations/${slug}`);
    await expect(visitor.getByRole('main')).toContainText('いただいたご意見を検討しています。');
    await expect(visitor.getByRole('link', { name: '意見を投稿する' })).toHaveCount(0);
  });

  await test.step('the clerk writes the row and cannot publish it', async () => {
    await addChapter(page, desk, '備蓄に関するご意見');
    await addRow(page, desk, { opinion, text: summary, answer: '' });
    await page.goto(`${desk}/approval`);
    await checkLine(page, '区の考え方が確定していない行が1行あります。').getByRole('link', { name: 'No.1-1' }).click();
    await field(page, 'answer').fill(answer);
    await choose(page, 'disposition', '反映');
    await press(page, '回答を確定する');
    await page.goto(`${desk}/responses`);
    await expect(page.locator('.desk-row')).toContainText(answer);
    await expect(page.locator('.desk-row')).toContainText('要確認');
    await page.goto(`${desk}/approval`);
    await expect(page.getByRole('button', { name: '起案する' })).toHaveCount(0);
    expect((await visitor.goto(`/consultations/${slug}/responses`))?.status()).toBe(404);
  });

  const checker = await newPerson();
  const approver = await newPerson();
  await test.step('another has read the summary; it is put up, confirmed and decided on', async () => {
    await signIn(approver, APPROVER);
    await confirmAll(approver, desk);
    await putUp(page, desk, '来月の広報紙に載せます。');
    await expect(page.getByRole('button', { name: /^承認する/ })).toHaveCount(0);
    await signIn(checker, ADMIN);
    await approve(checker, desk, '確認', '件数を確認しました。');
    await expect(checker.getByRole('button', { name: '公表する', exact: true })).toHaveCount(0);
    await approve(approver, desk, '決裁');
    expect((await visitor.goto(`/consultations/${slug}/responses`))?.status()).toBe(404);
    await page.goto(`${desk}/approval`);
    await expect(page.getByRole('main')).toContainText('決裁が済みました。公表は、所管課の承認者が行います。');
    await signOut(page);
  });

  await test.step('the approver looks at it and publishes', async () => {
    await approver.goto(`${desk}/approval`);
    await approver.getByRole('link', { name: '起案した表を読む' }).first().click();
    await expect(approver.getByRole('main')).toContainText(answer);
    await publish(approver, desk);
    await visitor.goto(`/consultations/${slug}/responses`);
    await expect(visitor.getByRole('rowheader')).toHaveCount(1);
    await expect(visitor.getByRole('main')).toContainText(summary);
    await expect(visitor.getByRole('main')).toContainText(answer);
    await expect(visitor.locator('.disposition')).toContainText('反映');
    await expect(visitor.locator('dl.cover-block')).toContainText('延べ1件（1名）');
  });

  await test.step('the author is led to the very row', async () => {
    const link = linkOf(await mailTo(author, '区の考え方を公表しました'), `/consultations/${slug}/responses#`);
    await visitor.goto(link);
    await expect(targeted(visitor, link)).toContainText(summary);
  });
});

test('two people change the same row: the second sees both texts and loses nothing', async ({ page, newPerson }) => {
  test.slow();
  const slug = `both-${unique()}`;
  const opinion = `二人で読む意見 ${unique()}`;
  await signIn(page, CLERK);
  const desk = await createTheme(page, { title: `二人で書くテーマ ${unique()}`, slug, opens: -10, closes: 5 });
  await publishTheme(page, desk);
  const approver = await newPerson();
  await signIn(approver, 'resident44@example.jp');
  await post(approver, slug, opinion, '避難所に、静かに過ごせる部屋がほしいです。');
  await signOut(approver);
  await signIn(approver, APPROVER);
  await addChapter(page, desk, '避難所');
  await addRow(page, desk, { opinion, text: '初めの要旨', answer: '初めの考え方', disposition: '反映' });

  for (const person of [page, approver]) await openRow(person, desk, '1-1');
  await field(page, 'text').fill('担当が直した要旨');
  await press(page, '回答を確定する');
  await expect(page.getByRole('status')).toContainText('保存しました');

  await field(approver, 'text').fill('承認者が直した要旨');
  await field(approver, 'answer').fill('承認者が直した考え方');
  const answer = approver.waitForResponse((r) => r.request().method() === 'POST');
  await press(approver, '回答を確定する');
  expect((await answer).status()).toBe(409);
  await expect(approver.getByRole('alert')).toContainText('ほかの職員が先に保存しました');
  const sides = approver.locator('.diff__side');
  await expect(sides.filter({ hasText: '担当が直した要旨' })).toBeVisible();
  await expect(sides.filter({ hasText: '承認者が直した要旨' })).toBeVisible();
  await expect(field(approver, 'text')).toHaveValue('承認者が直した要旨');
  await expect(field(approver, 'answer')).toHaveValue('承認者が直した考え方');

  await field(approver, 'text').fill('二人の直しを合わせた要旨');
  await press(approver, '回答を確定する');
  await approver.goto(`${desk}/responses`);
  await expect(approver.locator('.desk-row')).toContainText('二人の直しを合わせた要旨');
  await expect(approver.locator('.desk-row')).toContainText('承認者が直した考え方');
});

test('two people change the same theme: the second sees what differs and loses nothing', async ({ page, newPerson }) => {
  await signIn(page, CLERK);
  const desk = await createTheme(page, { title: `二人で直すテーマ ${unique()}`, slug: `pair-${unique()}`, opens: 3, closes: 30 });
  const approver = await newPerson();
  await signIn(approver, APPROVER);
  await page.goto(`${desk}/edit`);
  await approver.goto(`${desk}/edit`);
  await field(page, 'summary').fill('担当が直した概要');
  await press(page, '保存する');
  await expect(page.getByRole('status')).toContainText('テーマを保存しました');

  await field(approver, 'summary').fill('承認者が直した概要');
  const answer = approver.waitForResponse((r) => r.request().method() === 'POST');
  await press(approver, '保存する');
  expect((await answer).status()).toBe(409);
  await expect(approver.getByText('ほかの職員が先に保存しました')).toBeVisible();
  await expect(approver.locator('.diff')).toHaveCount(1);
  await expect(approver.locator('.diff')).toContainText('担当が直した概要');
  await expect(approver.locator('.diff')).toContainText('承認者が直した概要');
  await expect(field(approver, 'summary')).toHaveValue('承認者が直した概要');
  await press(approver, '保存する');
  await expect(approver.getByRole('status')).toContainText('テーマを保存しました');
});

test('a new member of staff is invited by mail and sets a password', async ({ page, site, mailTo }) => {
  const email = `shinjin-${unique()}@minamo.example.jp`;
  await site.command('staff', 'add', '--email', email, '--name', '新人 さくら', '--department', '防災課', '--role', 'clerk');
  const link = linkOf(await mailTo(email, '職員アカウントのご案内'), '/account/invitation');
  await page.goto(link);
  await field(page, 'password').fill('みじかい');
  await press(page, '設定して始める');
  await expect(page.getByRole('alert')).toContainText('文字以上で入力してください。');
  await field(page, 'password').fill('さくらの花が咲く川沿いの道 2026');
  await press(page, '設定して始める');
  await expect(page).toHaveURL(/\/staff$/);
  await expect(page.getByRole('heading', { level: 1, name: 'ダッシュボード' })).toBeVisible();
  await signOut(page);
  await page.goto(link);
  await field(page, 'password').fill('さくらの花が咲く川沿いの道 2027');
  await press(page, '設定して始める');
  await expect(page.getByRole('alert')).toContainText('この案内のリンクは使えません');
});

test('residents and visitors do not get into the console, other departments not into the drafts', async ({ page }) => {
  await page.goto('/staff');
  await expect(page).toHaveURL(/\/account\/sign-in/);
  await signIn(page, 'resident43@example.jp');
  expect((await page.goto('/staff'))?.status()).toBe(403);
  await signOut(page);

  await signIn(page, CLERK);
  const desk = await createTheme(page, { title: `防災課だけのテーマ ${unique()}`, slug: `own-${unique()}`, opens: 3, closes: 30 });
  expect((await page.goto('/staff/audit'))?.status()).toBe(403);
  await signOut(page);
  await signIn(page, OTHER_CLERK);
  expect((await page.goto(`${desk}/edit`))?.status()).toBe(403);
  expect((await page.goto(`${desk}/responses`))?.status()).toBe(403);
  await signOut(page);

  await signIn(page, ADMIN);
  expect((await page.goto('/staff/audit'))?.status()).toBe(200);
  await expect(page.getByRole('main')).toContainText('テーマの作成');
  await expect(signOutButton(page)).toBeAttached();
});
