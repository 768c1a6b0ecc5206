import { readFileSync } from 'node:fs';
import { ADMIN, APPROVER, CLERK, expect, field, linkOf, signIn, test, unique } from '../support/fixtures.ts';
import {
  addChapter,
  addRow,
  approve,
  checkLine,
  closedTheme,
  confirmAll,
  mark,
  openRow,
  publish,
  putUp,
  said,
  targeted,
  unfold,
} from '../support/desk.ts';
import { day, press } from '../support/staff.ts';

/** 起案, 確認, 決裁, 公表, and what comes after: corrections, promises, who is told. */

test.skip(({ isMobile }) => isMobile, 'departments work at desks');

test('from 起案 to 公表: what changes in the draft, a promise, sent back once, published, corrected, reported', async ({ page, newPerson, mailTo }) => {
  test.setTimeout(240_000);
  const of = unique();
  const author = 'resident23@example.jp';
  const follower = 'resident24@example.jp';
  const answer = '案内図を作り直すことを検討します。';
  const { desk, slug, title } = await closedTheme(page, newPerson, [
    { by: author, title: `案内図 ${of}`, body: `案内図の文字を大きくしてほしい ${of}` },
    { by: author, title: `無関係 ${of}`, body: `国の税金を下げてほしい ${of}` },
  ]);
  const home = await newPerson();
  await signIn(home, follower);
  await home.goto(`/consultations/${slug}`);
  await press(home, 'このテーマのお知らせを受け取る');
  await addChapter(page, desk, '案内');
  await addRow(page, desk, { opinion: `案内図 ${of}`, text: `案内図の文字を大きくしてほしい ${of}`, answer, disposition: '検討' });
  await page.goto(`${desk}/responses`);
  await mark(page, `無関係 ${of}`);
  await unfold(page, '対象外にする');
  await field(page, 'reason').fill('国の仕事であるため');
  await press(page, '対象外にする');

  await test.step('修正箇所 with the rows that caused it', async () => {
    await page.goto(`${desk}/plan-changes`);
    await page.getByRole('main').getByRole('link', { name: '修正箇所を追加する' }).click();
    await field(page, 'place').fill('第2章 3ページ');
    await field(page, 'before').fill('案内図を配ります。');
    await field(page, 'after').fill('文字の大きな案内図を配ります。');
    await field(page, 'rows').fill('4-4');
    await press(page, '保存する');
    await expect(page.getByRole('alert').getByRole('link')).toHaveText([/^修正の理由：/, /^もとになった意見の行：/]);
    await expect(field(page, 'after')).toHaveValue('文字の大きな案内図を配ります。');
    await field(page, 'reason').fill('読みにくいというご意見があったため');
    await field(page, 'rows').fill('1-1');
    await press(page, '保存する');
    await said(page, '修正箇所を保存しました');
    await expect(page.locator('.plan-change').locator('ins')).toContainText('文字の大きな');
    await expect(page.getByRole('main')).toContainText('もとになった意見：No.1-1');
  });

  await test.step('検討します becomes a promise with somebody and a day', async () => {
    await openRow(page, desk, '1-1');
    const promise = page.getByRole('link', { name: /^約束として登録する/ });
    await page.goto((await promise.getAttribute('href')) ?? '');
    await expect(field(page, 'row')).toHaveValue('1-1');
    await press(page, '保存する');
    await expect(page.getByRole('alert').getByRole('link')).toHaveText([/^約束の内容：/, /^期限：/]);
    await field(page, 'text').fill('文字の大きな案内図を作る');
    await expect(field(page, 'department').locator('option:checked')).toHaveText('防災課');
    await field(page, 'due_on').fill(day(200));
    await press(page, '保存する');
    await said(page, '約束を保存しました');
    await expect(page.getByRole('main')).toContainText('区の考え方の公表と同時に公開します');
  });

  const checker = await newPerson();
  await signIn(checker, ADMIN);
  const approver = await newPerson();
  await signIn(approver, APPROVER);
  await confirmAll(approver, desk);
  const visitor = await newPerson();
  const hidden = async () => {
    for (const part of ['', '.csv', '.csv?version=1', '.xlsx', '.json', '.pdf', '.docx', '.txt']) {
      const reply = await visitor.request.get(`/consultations/${slug}/responses${part}`);
      expect(reply.status(), part).toBe(404);
    }
    await visitor.goto(`/consultations/${slug}`);
    await expect(visitor.getByRole('main')).not.toContainText('検討します');
    expect((await visitor.request.get(`/consultations/${slug}/commitments`)).status()).toBe(404);
  };

  await test.step('every sum is on screen, and what is out is told with its reason', async () => {
    await page.goto(`${desk}/approval`);
    for (const line of [
      '同趣旨件数の合計は1件、意見件数は1件です。',
      '対応区分ごとの件数の合計は1件、意見件数は1件です。',
      '提出方法ごとの人数の合計は1人、提出者数は1人です。',
      '対象外とした意見は1件です（国の仕事であるため：1件）。',
      '未回答の行はありません。',
      '未確認の要旨はありません。',
    ]) {
      await expect(checkLine(page, line)).toHaveAttribute('data-state', 'ok');
    }
    await expect(page.getByRole('main')).toContainText('起案 → 確認 → 決裁 → 公表');
  });

  await test.step('put up; nobody decides on what they put up; sent back with a word', async () => {
    await putUp(page, desk, '委員会の前に公表します。');
    const mail = await mailTo(ADMIN, '確認のお願い').catch(() => null);
    if (mail) expect(mail.text).toContain(title);
    await expect(page.getByRole('button', { name: /^承認する/ })).toHaveCount(0);
    await hidden();
    await approver.goto(`${desk}/approval`);
    await expect(approver.getByRole('button', { name: '承認する（決裁）' }), 'it is not its turn').toHaveCount(0);
    await checker.goto(`${desk}/approval`);
    await press(checker, '差し戻す');
    await expect(checker.getByRole('alert')).toContainText('決裁のコメント');
    await field(checker, 'comment').fill('「検討します」に時期を書き添えてください。');
    await press(checker, '差し戻す');
    await said(checker, '差し戻しました');
    const back = await mailTo(CLERK, '差戻しのお知らせ');
    expect(back.text).toContain('「検討します」に時期を書き添えてください。');
    await page.goto(`${desk}/approval`);
    await expect(page.locator('.approval-round').first()).toContainText('差戻し');
  });

  await test.step('put right and put up again; what changes meanwhile is seen and keeps it from being published', async () => {
    await openRow(page, desk, '1-1');
    await field(page, 'answer').fill(`${answer}来年3月までに結果をお知らせします。`);
    await press(page, '回答を確定する');
    await putUp(page, desk);
    await approve(checker, desk, '確認', '件数を確認しました。');
    await approver.goto(`${desk}/approval`);
    await unfold(approver, 'コメントを書く');
    await field(approver, 'remark').fill('広報とも日を合わせます。');
    await press(approver, 'コメントを書き込む');
    await said(approver, 'コメントを書き込みました');
    await openRow(page, desk, '1-1');
    await field(page, 'answer').fill('別の回答です。');
    await press(page, '回答を確定する');
    await page.goto(`${desk}/approval`);
    await said(page, '起案のあとに内容が変わりました');
    await expect(page.getByRole('status').filter({ hasText: '起案のあとに' })).toContainText('No.1-1 の区の考え方を改めました。');
    await approve(approver, desk, '決裁');
    await expect(approver.getByRole('button', { name: '公表する', exact: true })).toHaveCount(0);
    await openRow(page, desk, '1-1');
    await field(page, 'answer').fill(`${answer}来年3月までに結果をお知らせします。`);
    await press(page, '回答を確定する');
    await hidden();
  });

  await test.step('the package for the ward’s own 電子決裁', async () => {
    await approver.goto(`${desk}/approval`);
    await approver.getByRole('link', { name: '起案した表を読む' }).first().click();
    await said(approver, '公表前の確認画面です');
    await expect(approver.getByRole('main')).toContainText('来年3月までに結果をお知らせします。');
    await approver.goto(`${desk}/approval`);
    const download = approver.waitForEvent('download');
    await approver.getByRole('link', { name: '電子決裁用の一式（ZIP）' }).first().click();
    const saved = await (await download).path();
    expect(readFileSync(saved).subarray(0, 2).toString()).toBe('PK');
    await expect(approver.locator('.approval-sha').first()).toHaveText(/^[0-9a-f]{64}$/);
  });

  await test.step('on a set day: until then nothing is public; the day is taken back', async () => {
    await approver.getByRole('radio', { name: '日時を決めて公表する' }).check();
    await field(approver, 'at_date').fill('昨日');
    await press(approver, '公表する');
    await expect(approver.getByRole('alert')).toContainText('日付の形式をご確認ください');
    await expect(field(approver, 'at_date')).toHaveValue('昨日');
    await expect(approver.getByRole('radio', { name: '日時を決めて公表する' })).toBeChecked();
    await field(approver, 'at_date').fill(day(3));
    await field(approver, 'at_time').fill('9時');
    await press(approver, '公表する');
    await said(approver, '公表を予約しました');
    await hidden();
    await press(approver, '公表の予約を取り消す');
    await said(approver, '公表の予約を取り消しました');
  });

  await test.step('published: the author and who follows are told, with the way to the row', async () => {
    await publish(approver, desk);
    const link = linkOf(await mailTo(author, '区の考え方を公表しました'), `/consultations/${slug}/responses#`);
    await visitor.goto(link);
    await expect(targeted(visitor, link)).toContainText('案内図の文字を大きくしてほしい');
    await expect(visitor.getByRole('main')).toContainText('来年3月までに結果をお知らせします。');
    await expect(visitor.locator('#plan-changes')).toBeVisible();
    await expect(visitor.locator('.annex ins').first()).toContainText('文字の大きな');
    await expect(visitor.locator('.annex').filter({ hasText: '文字の大きな案内図を作る' }).getByRole('link', { name: 'No.1-1' })).toBeVisible();
    const mail = await mailTo(follower, '区の考え方を公表しました');
    expect(mail.text).toContain(`/consultations/${slug}/responses`);
    expect(mail.text).toContain('/follow');
  });

  await test.step('a correction is a new version with its reason; the older one stays', async () => {
    await openRow(page, desk, '1-1');
    await field(page, 'answer').fill(`${answer}来年6月までに結果をお知らせします。`);
    await press(page, '回答を確定する');
    await putUp(page, desk);
    await approve(checker, desk, '確認');
    await approve(approver, desk, '決裁');
    await expect(approver.getByRole('main')).toContainText('No.1-1 の区の考え方を改めました。');
    await press(approver, '公表する');
    await expect(approver.getByRole('alert')).toContainText('訂正の理由：入力してください。');
    await publish(approver, desk, '時期の書き誤りを直しました。');
    await visitor.goto(`/consultations/${slug}/responses`);
    await expect(visitor.getByRole('main')).toContainText('来年6月まで');
    const history = visitor.getByRole('region', { name: '正誤の履歴' });
    await expect(history.getByRole('listitem').filter({ hasText: '第2版' }).first()).toContainText('時期の書き誤りを直しました。');
    await history.getByRole('link', { name: /^第1版/ }).click();
    await said(visitor, '以前の版（第1版）を表示しています');
    await expect(visitor.getByRole('main')).toContainText('来年3月まで');
    const older = await visitor.getByRole('link', { name: /^CSV（データ用・UTF-8）/ }).getAttribute('href');
    expect(await (await visitor.request.get(older ?? '')).text()).toContain('来年3月まで');
    await visitor.getByRole('link', { name: '最新の版を見る' }).click();
    await expect(visitor.getByRole('main')).toContainText('来年6月まで');
    expect((await mailTo(follower, '区の考え方を訂正しました')).text).toContain(title);
  });

  await test.step('the promise is public; its report is mailed to those who raised it', async () => {
    await visitor.getByRole('link', { name: '取組の進み具合を見る' }).click();
    await expect(visitor.getByRole('heading', { level: 1, name: '約束の進みぐあい' })).toBeVisible();
    await expect(visitor.locator('.commitment')).toContainText('取り組む予定');
    await page.goto(`${desk}/commitments`);
    await page.getByRole('link', { name: /^進みぐあいを報告する/ }).click();
    await expect(page.locator('#f-text'), 'its words are fixed').toHaveCount(0);
    await press(page, '報告を公開する');
    await expect(page.getByRole('alert')).toContainText('報告の内容');
    await page.getByRole('radio', { name: '実施しました' }).check();
    await field(page, 'body').fill('新しい案内図を、全世帯に配りました。');
    await press(page, '報告を公開する');
    await said(page, '報告を公開しました');
    expect((await mailTo(author, 'お約束の進みぐあい')).text).toContain('新しい案内図を、全世帯に配りました。');
    await visitor.reload();
    await expect(visitor.locator('.commitment')).toContainText('新しい案内図を、全世帯に配りました。');
    await visitor.getByRole('link', { name: 'この約束をした区の考え方を見る' }).click();
    await expect(visitor).toHaveURL(/responses\?row=\d+#/);
    await expect(targeted(visitor, visitor.url())).toContainText('案内図');
  });

  await test.step('who follows no longer wants to', async () => {
    await home.goto('/account');
    await expect(home.locator('#following, .follow-list').first()).toBeVisible();
    await home.locator('.follow-list li').filter({ hasText: title }).getByRole('button', { name: 'お知らせの受け取りをやめる' }).click();
    await expect(home.locator('.follow-list').filter({ hasText: title })).toHaveCount(0);
  });
});
