import { linkOf } from '../support/mail.ts';
import { noSidewaysScroll } from '../support/checks.ts';
import { CLERK, COMMENT_THEME, expect, field, signIn, test, unique, type Page } from '../support/fixtures.ts';
import { choose, press, themeDesk } from '../support/staff.ts';
import { Keyboard } from '../support/keyboard.ts';

/** The resident's way through a public comment, without an account: read, write, check, send, look again, correct, take back. */

const theme = `/consultations/${COMMENT_THEME.slug}`;
const form = `${theme}/proposals/new`;
/** A file that is a picture: one white pixel. */
const PICTURE = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=', 'base64');

const said = (page: Page, text: string) => expect(page.getByRole('status').filter({ hasText: text })).toBeVisible();

/** Fills in what the rules of the theme want; everything else stays empty. */
async function fill(page: Page, text: string): Promise<void> {
  await page.goto(form);
  await field(page, 'text1').fill(text);
  await choose(page, 'eligibility', '区内に住んでいる');
}

test('from the draft to the receipt, with mistakes on the way; then corrected and taken back', async ({ page, newPerson, mailTo, site }) => {
  test.slow();
  const mark = unique();
  const email = `iken-${mark}@example.jp`;
  const paragraph = `手伝う人を二人と決める前に、近所の人数を数えてください（${mark}）。\n二行目です。`;
  const second = `5ページの地図に、橋の名前を入れてください（${mark}）。`;
  const name = `水野 ${mark}`;
  const address = `みなも区本町${mark}`;

  await test.step('read the draft and choose a paragraph', async () => {
    await page.goto(theme);
    await page.getByRole('main').getByRole('link', { name: '本文を読む' }).first().click();
    const block = page.locator('.draft-block').filter({ hasText: '手伝う人は、できるだけ2人以上とします' });
    await block.getByRole('link', { name: /^この段落に意見を出す/ }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('意見を提出する');
    await expect(field(page, 'place1').locator('option:checked')).toContainText('手伝う人は、できるだけ2人以上');
    await expect(page.getByRole('main')).toContainText('件数の多さではなく、内容を考慮します');
  });

  await test.step('another box keeps what was typed', async () => {
    await field(page, 'text1').fill(paragraph);
    await field(page, 'name').fill(name);
    await field(page, 'address').fill(address);
    await press(page, '意見を追加する');
    await said(page, '意見の欄を追加しました');
    await expect(field(page, 'text1')).toHaveValue(paragraph);
    await expect(field(page, 'place1').locator('option:checked')).toContainText('手伝う人は、できるだけ2人以上');
    await expect(field(page, 'name')).toHaveValue(name);
    await expect(page).toHaveURL(/#f-text2$/);
  });

  await test.step('what is wrong is said, leads to its field, and nothing is lost', async () => {
    await field(page, 'text2').fill(second);
    await field(page, 'page2').fill('五');
    await field(page, 'email').fill('iken-at-example');
    await press(page, '確認画面へ進む');
    const summary = page.getByRole('alert');
    await expect(summary).toBeFocused();
    await expect(page).toHaveTitle(/^入力内容をご確認ください/);
    await expect(summary.getByRole('link')).toHaveText([
      'ご意見2の該当するページ：1から9999までの数字を入力してください。',
      /^応募資格：一つ選んでください。/,
      /^メールアドレス：メールアドレスの形式をご確認ください/,
    ]);
    const kept = { text1: paragraph, text2: second, page2: '五', name, address, email: 'iken-at-example' };
    for (const [control, value] of Object.entries(kept)) await expect(field(page, control)).toHaveValue(value);
    await expect(field(page, 'email')).toHaveAttribute('aria-invalid', 'true');
    await summary.getByRole('link', { name: /^応募資格/ }).click();
    await expect(page).toHaveURL(/#f-eligibility$/);
    await expect(field(page, 'eligibility')).toBeInViewport();
    await summary.getByRole('link', { name: /^ご意見2の該当するページ/ }).click();
    await page.keyboard.type('5');
    await expect(field(page, 'page2'), 'the link leads into the field').toHaveValue(/5/);
  });

  await test.step('a file that is none of the kinds is refused; a picture is taken, and written anew as JPEG', async () => {
    await field(page, 'page2').fill('Ｐ５');
    await field(page, 'email').fill(email);
    await choose(page, 'eligibility', '区内に勤めている');
    await field(page, 'workplace').fill('みなも福祉会');
    await page.locator('#f-files').setInputFiles({ name: 'map.png', mimeType: 'image/png', buffer: Buffer.from('<html>') });
    await press(page, '確認画面へ進む');
    await expect(page.getByRole('alert')).toContainText('添付ファイル：この種類のファイルは使用できません。');
    await expect(field(page, 'workplace')).toHaveValue('みなも福祉会');
    await page.locator('#f-files').setInputFiles({ name: '地図.png', mimeType: 'image/png', buffer: PICTURE });
    await press(page, '確認画面へ進む');
  });

  await test.step('everything is shown before it is sent, and can still be changed', async () => {
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('内容の確認');
    const main = page.getByRole('main');
    for (const text of [mark, second, name, '5ページ', '区内に勤めている', 'みなも福祉会', email, '地図.jpg', 'まだ送信されていません']) await expect(main).toContainText(text);
    await main.getByRole('link', { name: '修正する' }).click();
    await expect(field(page, 'text2')).toHaveValue(second);
    await expect(page.locator('.file-list__name')).toHaveText('地図.jpg');
    await field(page, 'text2').fill(`${second}色も付けてください。`);
    await press(page, '確認画面へ進む');
    await expect(main).toContainText('色も付けてください。');
    await press(page, '送信する');
  });

  const number = await page.locator('.receipt__number').innerText();
  await test.step('the receipt is the copy to keep; what was typed is no longer in the form', async () => {
    expect(number).toMatch(/^R\d+-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    await said(page, 'ご意見を受け付けました');
    const main = page.getByRole('main');
    for (const text of [second, '手伝う人を二人と決める前に', '5ページ', '地図.jpg']) await expect(main).toContainText(text);
    for (const text of [name, address, email]) await expect(main).not.toContainText(text);
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('.receipt__number')).toBeVisible();
    await expect(page.locator('.site-header__tools')).toBeHidden();
    await expect(page.getByRole('link', { name: '内容を訂正する' })).toBeHidden();
    await page.emulateMedia({ media: 'screen' });
  });

  const mail = await mailTo(email, 'ご意見を受け付けました');
  const link = linkOf(mail, '/receipts/').replace(/^https?:\/\/[^/]+/, site.url);
  await test.step('the mail has the number, a copy and the link; no address', async () => {
    expect(mail.text).toContain(number);
    expect(mail.text).toContain(second);
    expect(mail.text).not.toContain(address);
    expect(new URL(link).searchParams.get('key')).toBe(new URL(page.url()).searchParams.get('key'));
    await page.goto(form);
    await expect(field(page, 'text1')).toHaveValue('');
    await expect(field(page, 'name')).toHaveValue('');
  });

  const later = await newPerson();
  await test.step('the number alone tells the state only', async () => {
    await later.goto(`/receipts/${number}`);
    await expect(later.getByRole('main')).toContainText('受付済み');
    for (const text of [mark, name, address, email, '二人と決める前に', '地図.jpg']) await expect(later.getByRole('main')).not.toContainText(text);
    await expect(later.getByRole('link', { name: '内容を訂正する' })).toHaveCount(0);
    for (const part of ['edit', 'withdraw']) {
      const answer = await later.goto(`/receipts/${number}/${part}?key=0000000000000000`);
      expect(answer?.status(), `${part} with a wrong key`).toBe(404);
    }
  });

  await test.step('with the link it is corrected', async () => {
    await later.goto(link);
    await expect(later.getByRole('main')).toContainText(second);
    await later.getByRole('main').getByRole('link', { name: '内容を訂正する' }).click();
    await expect(field(later, 'text1')).toHaveValue(paragraph);
    await field(later, 'text1').fill('');
    await press(later, '訂正を送信する');
    await expect(later.getByRole('alert')).toContainText('ご意見1のご意見の内容：入力してください。');
    await press(later, 'ご意見 2の欄を削除する');
    await said(later, '意見の欄を削除しました');
    await field(later, 'text1').fill(`訂正した文章です（${mark}）。`);
    await press(later, '訂正を送信する');
    await said(later, '訂正を受け付けました');
    await expect(later.getByRole('main')).toContainText(`訂正した文章です（${mark}）。`);
    await expect(later.getByRole('main')).not.toContainText('橋の名前');
  });

  await test.step('and taken back', async () => {
    await later.getByRole('main').getByRole('link', { name: '取り下げる' }).click();
    await expect(later.getByRole('main')).toContainText(number);
    await press(later, '取り下げる');
    await said(later, 'ご意見を取り下げました');
    await later.goto(`/receipts/${number}`);
    await expect(later.getByRole('main')).toContainText('取り下げ');
    await expect(later.getByRole('main')).not.toContainText(mark);
  });
});

test('leaving in the middle: what was kept is there again, for this browser only, until it is deleted', async ({ page, newPerson }) => {
  const text = `書きかけの意見 ${unique()}`;
  await fill(page, text);
  await field(page, 'address').fill('みなも区本町1-2');
  await press(page, '意見を追加する');
  await page.goto('/');
  await page.goto(form);
  await expect(page.getByRole('main')).toContainText('入力の続きです');
  await expect(field(page, 'text1')).toHaveValue(text);
  await expect(field(page, 'text2')).toHaveValue('');
  await expect(field(page, 'address')).toHaveValue('みなも区本町1-2');
  await expect(page.getByRole('radio', { name: '区内に住んでいる' })).toBeChecked();

  await press(page, 'ご意見 2の欄を削除する');
  await said(page, '意見の欄を削除しました');
  await expect(field(page, 'text2')).toHaveCount(0);
  await field(page, 'text1').fill(`${text}の続き`);
  await press(page, '入力内容を保存する');
  await said(page, '入力内容を保存しました');
  await expect(field(page, 'text1')).toHaveValue(`${text}の続き`);

  const other = await newPerson();
  await other.goto(form);
  await expect(field(other, 'text1')).toHaveValue('');

  await press(page, '入力内容を消す');
  await said(page, '入力内容を消しました');
  await page.goto(form);
  await expect(field(page, 'text1')).toHaveValue('');
  await expect(field(page, 'address')).toHaveValue('');
});

test('a double click on the button sends it once; nothing is left to confirm', async ({ page, newPerson }) => {
  const mark = unique();
  await fill(page, `一度だけ届く意見 ${mark}`);
  await press(page, '確認画面へ進む');
  await page.getByRole('main').getByRole('button', { name: '送信する' }).dblclick();
  await said(page, 'ご意見を受け付けました');
  const receipt = page.url();
  await page.goto(`${theme}/proposals/confirm`);
  await expect(page).toHaveURL(new RegExp(`${form}$`));
  await page.goto(receipt);
  await expect(page.locator('.receipt__number')).toBeVisible();
  const clerk = await newPerson();
  await signIn(clerk, CLERK);
  await clerk.goto(`${await themeDesk(clerk, COMMENT_THEME.title)}/intake?q=${mark}`);
  await expect(clerk.locator('.intake tbody tr')).toHaveCount(1);
});

test('each kind of person is asked for what belongs to it', async ({ page }) => {
  await page.goto(form);
  const kinds: [string, string[]][] = [
    ['区内に住んでいる', []],
    ['区内に勤めている', ['workplace']],
    ['区内の学校に通っている', ['school']],
    ['区内で事業や活動をしている（事業者・団体）', ['organisation', 'representative']],
    ['この件に利害関係がある', ['interest']],
  ];
  const all = kinds.flatMap(([, fields]) => fields);
  for (const [kind, fields] of kinds) {
    await page.getByRole('radio', { name: kind }).check();
    for (const name of all) {
      if (fields.includes(name)) await expect(field(page, name), `${name} for ${kind}`).toBeVisible();
      else await expect(field(page, name), `${name} for ${kind}`).toBeHidden();
    }
  }
  // The last kind's own field goes all the way.
  await field(page, 'interest').fill('川端に家があります。');
  await field(page, 'text1').fill(`利害関係のある意見 ${unique()}`);
  await press(page, '確認画面へ進む');
  await expect(page.getByRole('main')).toContainText('川端に家があります。');
});

test('a phone of 320 px shows every step without scrolling sideways', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(`${theme}/draft`);
  await noSidewaysScroll(page, 'the draft');
  await page.goto(form);
  await noSidewaysScroll(page, 'the form');
  await field(page, 'text1').fill(`${'とても長い一続きの文章'.repeat(30)}https://example.jp/${'a'.repeat(200)}`);
  await press(page, '確認画面へ進む');
  await expect(page.getByRole('alert')).toBeVisible();
  await noSidewaysScroll(page, 'the form with a mistake');
  await choose(page, 'eligibility', '区内で事業や活動をしている');
  await noSidewaysScroll(page, 'the form with the fields of a group');
  await press(page, '確認画面へ進む');
  await noSidewaysScroll(page, 'the confirmation');
  await press(page, '送信する');
  await said(page, 'ご意見を受け付けました');
  await noSidewaysScroll(page, 'the receipt');
  await page.getByRole('main').getByRole('link', { name: '内容を訂正する' }).click();
  await noSidewaysScroll(page, 'the correction');
  await page.goBack();
  await page.getByRole('main').getByRole('link', { name: '取り下げる' }).click();
  await noSidewaysScroll(page, 'taking it back');
});

test('the whole way with the keyboard alone', async ({ page, isMobile }) => {
  test.skip(isMobile, 'phones have no keyboard to tab with');
  const keys = new Keyboard(page);
  const text = `キーボードだけで書いた意見 ${unique()}`;
  await page.goto(`${theme}/draft`);
  await keys.tabTo('a.draft-block__opinion[href$="anchor=p3"]');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('意見を提出する');
  await keys.write('text1', text);
  await keys.push('button[name=add]');
  await keys.tabTo('#f-place2');
  await page.keyboard.press('ArrowDown');
  await keys.write('page2', '5');
  await keys.write('text2', '二つ目');
  await keys.push('.form__actions button:first-child');
  await expect(page.getByRole('alert')).toBeFocused();
  await keys.tabTo('.error-summary a');
  await page.keyboard.press('Enter');
  await expect(page.locator(':focus')).toHaveAttribute('name', 'eligibility');
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: '区内の学校に通っている' })).toBeChecked();
  await keys.write('school', 'みなも工科大学');
  await keys.write('name', '石堂');
  // Enter in a field goes on; it takes nothing away.
  await keys.push('');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('内容の確認');
  await expect(page.getByRole('main')).toContainText('みなも工科大学');
  await keys.push('main form button');
  await said(page, 'ご意見を受け付けました');
  await expect(page.getByRole('main')).toContainText(text);
});

test('in English as well', async ({ page }) => {
  await page.goto(`/language/en?next=${form}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Send an opinion');
  await field(page, 'text1').fill(`More benches on the way, please. ${unique()}`);
  await press(page, 'Go on to check');
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('radio').first().check();
  await press(page, 'Go on to check');
  await press(page, 'Send');
  await expect(page.locator('.receipt__number')).toBeVisible();
});
