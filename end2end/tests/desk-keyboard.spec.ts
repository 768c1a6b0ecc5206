import { ADMIN, APPROVER, PASSWORD, expect, field, signOutButton, test, unique, type Page } from '../support/fixtures.ts';
import { closedTheme, row, said } from '../support/desk.ts';
import { Keyboard } from '../support/keyboard.ts';

/** The whole desk with the keyboard alone: Tab, Enter, Space, arrows and letters. */

async function signInByKeys(page: Page, keys: Keyboard, email: string): Promise<void> {
  await page.goto('/account/sign-in');
  await keys.write('email', email);
  await keys.write('password', PASSWORD);
  await keys.push('');
  await expect(signOutButton(page)).toBeAttached();
}

test('from one letter to the published table', async ({ page, newPerson }) => {
  test.setTimeout(240_000);
  const of = unique();
  const { desk, slug } = await closedTheme(page, newPerson, [
    { by: 'resident28@example.jp', title: `二つの意見 ${of}`, body: '堤防を高くしてほしい。\n毛布を増やしてほしい。' },
    { by: 'resident29@example.jp', title: `毛布 ${of}`, body: `毛布が足りないので増やしてほしい ${of}` },
    { by: 'resident29@example.jp', title: `関係のない意見 ${of}`, body: `駅の店を増やしてほしい ${of}` },
  ]);
  const keys = new Keyboard(page);
  const cards = page.locator('.source-item');

  await test.step('cut', async () => {
    await page.goto(`${desk}/responses`);
    const href = await cards.filter({ hasText: `二つの意見 ${of}` }).getByRole('link', { name: /^意見を分ける/ }).getAttribute('href');
    await keys.push(`a[href="${href}"]`);
    await keys.tabTo('#f-item');
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('End');
    await page.keyboard.insertText('\n-----');
    await keys.push('button[value=save]');
    await said(page, '2件の意見に分けました');
  });

  await test.step('two chapters', async () => {
    for (const title of ['堤防', '備蓄']) {
      await keys.write('chapter_title', title);
      await keys.push('');
      await expect(page.getByRole('heading', { level: 3, name: title })).toBeVisible();
    }
  });

  await test.step('gather two opinions: Space marks, Enter gathers', async () => {
    for (const words of ['毛布を増やしてほしい。', `毛布が足りない`]) {
      const id = await cards.filter({ has: page.locator('p.source-item__text', { hasText: words }) }).getByRole('checkbox').first().getAttribute('id');
      await keys.tabTo(`#${id}`);
      await page.keyboard.press('Space');
    }
    await keys.tabTo('#f-chapter');
    await page.keyboard.press('ArrowDown');
    await keys.push('button[value=new_row]');
    await said(page, 'にまとめました');
    await expect(row(page, '1-1')).toContainText('（他1件）');
  });

  await test.step('対象外', async () => {
    const id = await cards.filter({ hasText: `駅の店` }).getByRole('checkbox').getAttribute('id');
    await keys.tabTo(`#${id}`);
    await page.keyboard.press('Space');
    await keys.tabTo('.desk-tools > details:last-of-type > summary');
    await page.keyboard.press('Enter');
    await keys.write('reason', '区の仕事ではないため');
    await keys.push('');
    await said(page, '対象外にしました');
  });

  await test.step('the row is written and settled; Enter in a field only looks', async () => {
    await keys.push('.desk-row__actions > a');
    await keys.tabTo('#f-text');
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('毛布を増やしてほしい。');
    await keys.write('answer', '来年度に毛布を増やします。');
    await keys.tabTo('#f-disposition');
    await page.keyboard.press('ArrowDown');
    await keys.push('button[value=settle]');
    await said(page, '保存しました');
  });

  await test.step('another row from one opinion', async () => {
    await keys.push('.row-nav a');
    await keys.push('a[href*="/rows/new?item="]');
    await keys.tabTo('#f-chapter');
    await page.keyboard.press('Home');
    await keys.write('answer', '堤防は国と相談します。');
    await keys.tabTo('#f-disposition');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await keys.push('button[value=settle]');
    await said(page, '保存しました');
    await keys.push('.row-nav a');
    await expect(row(page, '1-1')).toContainText('堤防');
    await expect(row(page, '2-1')).toContainText('毛布');
  });

  await test.step('a row into another chapter, up, and back with the undo', async () => {
    const second = (await row(page, '2-1').getAttribute('id')) ?? '';
    await keys.tabTo(`#${second} .desk-row__more > summary`);
    await page.keyboard.press('Enter');
    await keys.tabTo(`#${second} select[name=chapter]`);
    await page.keyboard.press('ArrowUp');
    await keys.push(`#${second} .desk-row__form button`);
    await expect(row(page, '1-2')).toContainText('毛布');
    await keys.push(`#${second} button[value=up]`);
    await expect(row(page, '1-1')).toContainText('毛布');
    for (let turn = 0; turn < 2; turn += 1) await keys.push('.desk-undo button');
    await expect(row(page, '2-1')).toContainText('毛布');
  });

  const approver = await newPerson();
  const approverKeys = new Keyboard(approver);
  await test.step('a second person confirms the summary, led there by the checks', async () => {
    await signInByKeys(approver, approverKeys, APPROVER);
    await approver.goto(`${desk}/approval`);
    await approverKeys.push('.check[data-state=todo] a');
    await approverKeys.push('button[formaction$="/confirm"]');
    await said(approver, '要旨を確認しました');
  });

  await test.step('起案', async () => {
    await page.goto(`${desk}/approval`);
    await keys.write('note', 'お願いします。');
    await keys.push(`form[action="${desk}/approval"] button`);
    await said(page, '起案しました');
  });

  await test.step('確認', async () => {
    const checker = await newPerson();
    const checkerKeys = new Keyboard(checker);
    await signInByKeys(checker, checkerKeys, ADMIN);
    await checker.goto(`${desk}/approval`);
    await checkerKeys.write('comment', '件数を確認しました。');
    await checkerKeys.push('button[value=approve]', 'Space');
    await said(checker, '承認しました');
  });

  await test.step('決裁 and 公表', async () => {
    await approver.goto(`${desk}/approval`);
    await approverKeys.push('button[value=approve]');
    await said(approver, '承認しました');
    await approverKeys.tabTo('[name=when]');
    await expect(field(approver, 'when')).toBeChecked();
    await approverKeys.push(`form[action="${desk}/responses/publish"] button`);
    await said(approver, '公表しました');
    await approver.goto(`/consultations/${slug}/responses`);
    await expect(approver.getByRole('main')).toContainText('来年度に毛布を増やします。');
    await expect(approver.getByRole('rowheader')).toHaveCount(2);
  });
});

test('every focused element of the desk shows its focus', async ({ page, newPerson }) => {
  const of = unique();
  const { desk } = await closedTheme(page, newPerson, [{ by: 'resident30@example.jp', title: `見える ${of}`, body: '見える意見' }]);
  await page.goto(`${desk}/responses`);
  for (let turn = 0; turn < 60; turn += 1) {
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
