import { ANSWERED_THEME, AUDITOR, CLERK, COMMENT_THEME, expect, field, signIn, test, unique } from '../support/fixtures.ts';
import { addChapter, card, chapter, closedTheme, figure, mark, row, said, unfold } from '../support/desk.ts';
import { choose, press, themeDesk } from '../support/staff.ts';

/** The response desk: from letters to the outline of the table that will be published. */

test.skip(({ isMobile }) => isMobile, 'departments work at desks');

const ONE = 'resident21@example.jp';
const TWO = 'resident22@example.jp';

test('a letter is cut into its opinions; the original stays beside them, as it was', async ({ page, newPerson }) => {
  test.slow();
  const title = `三つの意見 ${unique()}`;
  const body = '①夜も明かりをつけてください。\n②毛布を増やしてください。\n③犬を連れて行ける場所を決めてください。';
  const { desk } = await closedTheme(page, newPerson, [{ by: ONE, title, body }]);
  await page.goto(`${desk}/responses`);
  expect([await figure(page, '提出数'), await figure(page, '意見件数'), await figure(page, '未整理')]).toEqual([1, 1, 1]);

  await test.step('a cut is suggested, looked at and saved', async () => {
    await card(page, title).getByRole('link', { name: /^意見を分ける/ }).click();
    await said(page, '分け方の案を入れてあります');
    await expect(page.getByRole('region', { name: '原文' })).toContainText('②毛布を増やしてください。');
    await expect(field(page, 'item')).toHaveValue(/^①[^②]*\n-----\n②[^③]*\n-----\n③/);
    await press(page, '分け方を確かめる');
    await expect(page.locator('.splitter__part')).toHaveCount(3);
    await press(page, 'この分け方で保存する');
    await said(page, '3件の意見に分けました');
    expect([await figure(page, '提出数'), await figure(page, '意見件数')]).toEqual([1, 3]);
    for (const item of await page.locator('.source-item').all()) {
      await item.locator('summary').click();
      for (const part of body.split('\n')) await expect(item.locator('details')).toContainText(part);
    }
  });

  await test.step('letters that are lost are pointed out, an empty field is refused', async () => {
    await page.locator('.source-item').first().getByRole('link', { name: /^意見を分ける/ }).click();
    await field(page, 'item').fill('①夜も明かりを。\n---\n②毛布を増やしてください。');
    await press(page, '分け方を確かめる');
    await expect(page.getByRole('main')).toContainText('原文と違う文字や、抜けている文字があります');
    await expect(page.locator('.splitter__part')).toHaveCount(2);
    await field(page, 'item').fill(' ');
    await press(page, 'この分け方で保存する');
    await expect(page.getByRole('alert')).toContainText('意見の分け方');
  });

  await test.step('what a row gathers can not be cut away', async () => {
    await addChapter(page, desk, '夜の避難所');
    // The whole letter stands in every card: the second is its second part.
    await page.locator('.source-item').nth(1).getByRole('checkbox').check();
    await press(page, '新しい要旨にまとめる');
    await said(page, 'No.1-1 にまとめました');
    await page.locator('.source-item').first().getByRole('link', { name: /^意見を分ける/ }).click();
    await page.getByRole('link', { name: '分けずに原文のままにする' }).click();
    await expect(field(page, 'item')).toHaveValue(body);
    await press(page, 'この分け方で保存する');
    await expect(page.getByRole('alert')).toContainText('先に要旨から外すか');
    await expect(field(page, 'item')).toHaveValue(body);
  });

  await test.step('taken back step by step, everything is as before', async () => {
    for (const left of ['②', '夜の避難所', '3件の意見に分けた']) {
      await page.goto(`${desk}/responses`);
      if (left === '②') await expect(page.locator('.desk-undo')).toContainText('意見1件を No.1-1 にまとめた');
      await press(page, '取り消す');
      await said(page, '元に戻しました');
    }
    expect([await figure(page, '意見件数'), await figure(page, '行数')]).toEqual([1, 0]);
    await expect(card(page, title)).toContainText('①夜も明かりをつけてください。');
  });
});

test('opinions are gathered, repeated and left out; every figure follows, every step can be taken back', async ({ page, newPerson }) => {
  test.slow();
  const of = unique();
  const same = `体育館の入口に手すりを付けて、段差を小さくしてください ${of}`;
  const { desk } = await closedTheme(page, newPerson, [
    { by: ONE, title: `手すり一 ${of}`, body: same },
    { by: ONE, title: `看板 ${of}`, body: `避難所の看板を英語とひらがなでも書いてほしい ${of}` },
    { by: ONE, title: `無関係 ${of}`, body: `駅前の店の開店時間を早めてほしい ${of}` },
    { by: TWO, title: `手すり二 ${of}`, body: same },
    { by: TWO, title: `炊き出し ${of}`, body: `炊き出しの当番を町会の外からも集めたい ${of}` },
  ]);
  await addChapter(page, desk, '設備');
  await addChapter(page, desk, '全般・その他');
  await addChapter(page, desk, '運営');
  await page.goto(`${desk}/responses`);
  await expect(page.getByRole('heading', { level: 3 }).filter({ hasText: /設備|運営|全般/ })).toHaveText(['設備', '運営', '全般・その他']);
  expect([await figure(page, '提出者数'), await figure(page, '意見件数'), await figure(page, '未整理')]).toEqual([2, 5, 5]);

  await test.step('nothing happens without a choice, and the message leads to it', async () => {
    await press(page, '新しい要旨にまとめる');
    await expect(page.getByRole('alert')).toContainText('意見が選ばれていません');
    await page.getByRole('alert').getByRole('link').click();
    await expect(page.locator('#f-items')).toBeFocused();
  });

  await test.step('nearly the same texts at once', async () => {
    await card(page, `手すり一 ${of}`).getByRole('link', { name: /^同じ文面の意見をまとめて入れる（2通）/ }).click();
    await expect(page.locator('.source-item')).toHaveCount(2);
    await expect(page.getByRole('radio', { name: /^この条件に合う意見すべて/ })).toBeChecked();
    await choose(page, 'chapter', '設備');
    await press(page, '新しい要旨にまとめる');
    await said(page, 'No.1-1 にまとめました');
    await page.goto(`${desk}/responses`);
    await expect(row(page, '1-1')).toContainText('（他1件）');
  });

  await test.step('into a row by its number; what was chosen and typed stays when there is no such row', async () => {
    await mark(page, `看板 ${of}`);
    await unfold(page, '既存の要旨に加える');
    await field(page, 'row').fill('9-9');
    await press(page, 'この要旨に加える');
    await expect(page.getByRole('alert')).toContainText('その番号の要旨はありません。');
    await expect(field(page, 'row')).toHaveValue('9-9');
    await expect(card(page, `看板 ${of}`).getByRole('checkbox')).toBeChecked();
    await field(page, 'row').fill('１－１');
    await press(page, 'この要旨に加える');
    await said(page, 'No.1-1 にまとめました');
    await expect(row(page, '1-1')).toContainText('（他2件）');
  });

  await test.step('a row of its own with its text, in another chapter', async () => {
    await mark(page, `炊き出し ${of}`);
    await choose(page, 'chapter', '運営');
    await unfold(page, '要旨をここで書く');
    await field(page, 'text').fill('炊き出しの当番を広く募ってほしい。');
    await press(page, '新しい要旨にまとめる');
    await said(page, 'No.2-1 にまとめました');
    await expect(row(page, '2-1')).toContainText('炊き出しの当番を広く募ってほしい。');
    await expect(row(page, '2-1')).toContainText('要確認');
    expect([await figure(page, 'まとめ済み'), await figure(page, '未整理'), await figure(page, '行数')]).toEqual([4, 1, 2]);
  });

  await test.step('repeated in another row it does not count twice', async () => {
    await page.goto(`${desk}/responses?placed=any`);
    await mark(page, `看板 ${of}`);
    await unfold(page, '既存の要旨に加える');
    await field(page, 'row').fill('2-1');
    await press(page, '再掲として加える');
    await expect(row(page, '2-1')).toContainText('再掲1件');
    expect([await figure(page, '意見件数'), await figure(page, 'まとめ済み')]).toEqual([5, 4]);
    await page.goto(`${desk}/responses?placed=again`);
    await expect(page.locator('.source-item')).toHaveCount(1);
    await expect(card(page, `看板 ${of}`)).toContainText('再掲1か所');
  });

  await test.step('対象外 needs a reason', async () => {
    await page.goto(`${desk}/responses`);
    await mark(page, `無関係 ${of}`);
    await unfold(page, '対象外にする');
    await press(page, '対象外にする');
    await expect(page.getByRole('alert')).toContainText('対象外とする理由');
    await expect(card(page, `無関係 ${of}`).getByRole('checkbox')).toBeChecked();
    await field(page, 'reason').fill('区の仕事ではないため');
    await press(page, '対象外にする');
    await said(page, '対象外にしました');
    expect([await figure(page, '未整理'), await figure(page, '対象外'), await figure(page, '意見件数')]).toEqual([0, 1, 4]);
    await page.goto(`${desk}/responses?placed=out`);
    await expect(page.locator('.source-item')).toContainText('対象外の理由：区の仕事ではないため');
  });

  await test.step('words narrow the list', async () => {
    await page.goto(`${desk}/responses?placed=any`);
    await page.getByLabel('意見の中の言葉').fill('炊き出し');
    await press(page, '絞り込む');
    await expect(page.locator('.source-item')).toHaveCount(1);
  });

  await test.step('only the newest change can be taken back, and who came after is named', async () => {
    await page.goto(`${desk}/responses`);
    await page.getByRole('link', { name: '変更の履歴と取り消し' }).click();
    const changes = page.locator('.desk-change');
    await expect(changes.first()).toContainText('意見1件を対象外にした');
    await changes.filter({ hasText: '意見1件を No.2-1 にまとめた' }).getByRole('button').click();
    await expect(page.getByRole('alert')).toContainText('取り消せませんでした');
    await expect(page.getByRole('alert')).toContainText('水野 さやか');
    for (let turn = 0; turn < 5; turn += 1) {
      await page.goto(`${desk}/responses/changes`);
      await page.locator('.desk-change').getByRole('button', { name: /^取り消す/ }).first().click();
      await said(page, '元に戻しました');
    }
    expect([await figure(page, '意見件数'), await figure(page, '未整理'), await figure(page, '行数')]).toEqual([5, 5, 0]);
  });
});

test('suggestions are only suggestions, with the words that led to them', async ({ page, newPerson }) => {
  test.slow();
  const of = unique();
  const { desk } = await closedTheme(page, newPerson, [
    { by: ONE, title: `充電 ${of}`, body: '避難所の体育館に携帯電話の充電器を十分に用意してください。停電でも使える充電器がほしいです。' },
    { by: TWO, title: `電池 ${of}`, body: '停電のとき、体育館の避難所で携帯電話の充電器が足りませんでした。充電器を増やしてください。' },
    { by: TWO, title: `犬 ${of}`, body: 'ペットと一緒に泊まれる部屋を決めてほしい。' },
  ]);
  await addChapter(page, desk, '設備');
  await page.getByRole('link', { name: 'まとめ方の候補' }).click();
  await said(page, 'ここに並ぶのは候補です');
  await expect(page.getByRole('main')).toContainText('未整理の意見3件を調べました。');
  const found = page.locator('.desk-cluster').first();
  await expect(found).toContainText('充電器');
  await expect(found.getByRole('checkbox')).toHaveCount(2);
  for (const box of await found.getByRole('checkbox').all()) await box.uncheck();
  await found.getByRole('button', { name: '選んだ意見で行を作る' }).click();
  await expect(page.getByRole('alert')).toContainText('意見が選ばれていません');
  for (const box of await page.locator('.desk-cluster').first().getByRole('checkbox').all()) await box.check();
  await page.locator('.desk-cluster').first().getByRole('button', { name: '選んだ意見で行を作る' }).click();
  await said(page, 'No.1-1 にまとめました');
  await page.goto(`${desk}/responses`);
  await expect(row(page, '1-1')).toContainText('（他1件）');
  expect(await figure(page, '未整理')).toBe(1);
});

test('the outline: rows and chapters are moved without a mouse’s drag, and numbered anew', async ({ page, newPerson }) => {
  test.slow();
  const of = unique();
  const words = ['橋', '川', '坂', '道'].map((word) => `${word}の明かりのこと ${of}`);
  const { desk } = await closedTheme(page, newPerson, words.map((body, i) => ({ by: ONE, title: `${['あ', 'い', 'う', 'え'][i]} ${of}`, body })));
  for (const title of ['甲', '乙']) await addChapter(page, desk, title);
  for (const [i, word] of words.entries()) {
    await mark(page, word);
    await choose(page, 'chapter', i < 3 ? '甲' : '乙');
    await press(page, '新しい要旨にまとめる');
    await said(page, 'にまとめました');
  }
  const order = () => page.locator('.desk-row__summary').evaluateAll((list) => list.map((e) => e.textContent?.[0]).join(''));
  expect(await order()).toBe('橋川坂道');

  await test.step('rows', async () => {
    await row(page, '1-3').getByRole('button', { name: /^上へ/ }).click();
    await expect.poll(order).toBe('橋坂川道');
    await expect(row(page, '1-2')).toContainText('坂');
    await expect(row(page, '1-1').getByRole('button', { name: /^上へ/ })).toHaveCount(0);
    const first = row(page, '1-1');
    await first.locator('summary').filter({ hasText: '移動・統合・削除' }).click();
    await first.getByLabel('移動先の章').selectOption({ label: '2. 乙' });
    await first.getByLabel(/^移動先の番号/).fill('1');
    await first.getByRole('button', { name: '移動する' }).click();
    await expect.poll(order).toBe('坂川橋道');
    await expect(row(page, '2-1')).toContainText('橋');
    await expect(row(page, '2-2')).toContainText('道');
  });

  await test.step('chapters', async () => {
    const tools = chapter(page, '2. 乙');
    await tools.locator('summary').first().click();
    await tools.getByRole('button', { name: '上へ', exact: true }).click();
    await expect.poll(order).toBe('橋道坂川');
    await expect(row(page, '1-1')).toContainText('橋');
    const renamed = chapter(page, '1. 乙');
    await renamed.locator('summary').first().click();
    await renamed.getByLabel('章の見出し').fill('橋と道');
    await renamed.getByRole('button', { name: '見出しを変える' }).click();
    await said(page, '保存しました');
    await expect(page.getByRole('heading', { level: 3, name: '1. 橋と道' })).toBeVisible();
  });

  await test.step('two rows become one, with both texts in sight', async () => {
    const first = row(page, '2-2');
    await first.locator('summary').filter({ hasText: '移動・統合・削除' }).click();
    await first.getByLabel('統合先の要旨の番号').fill('2-1');
    await first.getByRole('button', { name: '内容を比べて統合する' }).click();
    await expect(page.getByRole('heading', { name: '残る行（No.2-1）' })).toBeVisible();
    await expect(field(page, 'text')).toHaveValue(new RegExp(`${words[2]}\\s+${words[1]}`));
    await field(page, 'text').fill('');
    await press(page, '一つにする');
    await expect(page.getByRole('alert')).toContainText('ご意見（要旨）');
    await field(page, 'text').fill('坂と川の明かりのこと');
    await press(page, '一つにする');
    await said(page, 'No.2-1 にまとめました');
    await expect(row(page, '2-1')).toContainText('（他1件）');
    await expect(row(page, '2-2')).toHaveCount(0);
    await press(page, '取り消す');
    await said(page, '元に戻しました');
    await expect(row(page, '2-2')).toContainText('川');
  });

  await test.step('a chapter with its rows goes into another; a row is deleted, its opinion stays', async () => {
    const last = chapter(page, '2. 甲');
    await last.locator('summary').first().click();
    await last.getByRole('button', { name: 'すべての行を移して、この章をなくす' }).click();
    await expect.poll(order).toBe('橋道坂川');
    await expect(page.getByRole('heading', { level: 3, name: '甲' })).toHaveCount(0);
    await row(page, '1-4').locator('summary').filter({ hasText: '移動・統合・削除' }).click();
    await row(page, '1-4').getByRole('button', { name: /^行を削除する/ }).click();
    await said(page, '削除しました');
    await expect(card(page, words[1]!)).toContainText('未整理');
  });
});

test('chapters come from the contents of the draft', async ({ page }) => {
  await signIn(page, CLERK);
  const desk = await themeDesk(page, COMMENT_THEME.title);
  await page.goto(`${desk}/responses`);
  await press(page, '素案の目次から章を作る');
  await said(page, /^\d+章を追加しました$/);
  const titles = await page.locator('.desk-chapter__title').allInnerTexts();
  expect(titles.length).toBeGreaterThan(2);
  expect(titles.at(-1)).toBe('全般・その他');
  await press(page, '素案の目次から章を作る');
  await expect(page.getByRole('alert')).toContainText('素案の見出しの章は、すべて揃っています。');
  // While the call is open, nothing can be put up for decision.
  await page.goto(`${desk}/approval`);
  await expect(page.getByRole('main')).toContainText('募集期間が終わると、起案できるようになります。');
  await page.goto(`${desk}/responses`);
  await press(page, '取り消す');
  await said(page, '元に戻しました');
  await expect(page.locator('.desk-chapter__title')).toHaveCount(0);
});

test('an auditor reads the desk and changes nothing; other departments do not get in', async ({ page, newPerson }) => {
  test.slow();
  await signIn(page, AUDITOR);
  const desk = await themeDesk(page, ANSWERED_THEME.title);
  for (const part of ['/responses', '/responses/changes', '/routing', '/plan-changes', '/commitments', '/approval', '/outputs']) {
    const reply = await page.goto(`${desk}${part}`);
    expect(reply?.status(), part).toBe(200);
    // Saying something about what was put up is all that an auditor may do.
    await expect(page.getByRole('main').locator('form[method=post]:not(:has(#f-remark))'), part).toHaveCount(0);
  }
  const other = await newPerson();
  await signIn(other, CLERK);
  for (const part of ['/responses', '/routing', '/plan-changes', '/commitments', '/outputs', '/layout', '/responses/preview']) {
    expect((await other.goto(`${desk}${part}`))?.status(), part).toBe(403);
  }
});
