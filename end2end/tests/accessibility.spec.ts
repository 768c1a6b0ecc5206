import { axe, followScripts, noSidewaysScroll, oneHeadline } from '../support/checks.ts';
import { ADMIN, APPROVER, CLERK, COMMENT_THEME, OPEN_THEME, expect, field, post, signIn, signOut, test, unique, type Page } from '../support/fixtures.ts';
import { PEOPLE, visit } from '../support/pages.ts';
import { startSite } from '../support/server.ts';
import { addChapter, addRow, approve, confirmAll, putUp } from '../support/desk.ts';
import { closeTheme, createTheme, press, publishTheme } from '../support/staff.ts';

/**
 * axe finds nothing on any page, for anybody; nothing scrolls sideways on the narrowest screens (320 px is also what a
 * desk's window of 1280 px is at 400 %); what needs no script has none.
 */

test.describe.configure({ mode: 'parallel' });

async function check(page: Page, name: string): Promise<void> {
  await axe(page, name);
  await oneHeadline(page, name);
  const size = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  await noSidewaysScroll(page, name);
  if (size) await page.setViewportSize(size);
}

for (const { who, email, stops } of PEOPLE) {
  test(`every page of a ${who}`, async ({ page }) => {
    test.setTimeout(30_000 + stops.length * 10_000);
    if (email) await signIn(page, email);
    const scripts = followScripts(page);
    for (const stop of stops) {
      await test.step(stop.name, async () => {
        await visit(page, stop);
        await scripts.check(stop.name);
        await check(page, stop.name);
      });
    }
  });
}

const comment = `/consultations/${COMMENT_THEME.slug}`;
const PUBLIC_COMMENT = ['', '/draft', '/paper-form', '/proposals/new'].map((part) => comment + part);

test('in English as well', async ({ page }) => {
  await page.goto('/language/en?next=/');
  for (const path of ['/', '/consultations', '/consultations/digital-houshin/responses', `/consultations/${OPEN_THEME.slug}/proposals`, ...PUBLIC_COMMENT]) {
    await page.goto(path);
    await check(page, path);
  }
});

test.describe('without its script', () => {
  test.use({ tolerated: /ERR_FAILED|pkg/ });

  test('the form of a public comment, and what comes of it', async ({ page }) => {
    await page.route(/\/pkg\/.*\.(js|wasm)/, (route) => route.abort());
    await page.goto(PUBLIC_COMMENT[3]!);
    await check(page, 'the form');
    await press(page, '意見を追加する');
    await check(page, 'with another box');
    await press(page, '確認画面へ進む');
    await check(page, 'with mistakes');
    await field(page, 'text1').fill('スクリプトがなくても送れます。');
    await page.getByRole('radio').first().check();
    await press(page, '確認画面へ進む');
    await check(page, 'the confirmation');
    await press(page, '送信する');
    await check(page, 'the receipt');
  });
});

test('the form of a public comment in English, with mistakes, confirmed, sent', async ({ page }) => {
  await page.goto(`/language/en?next=${PUBLIC_COMMENT[3]}`);
  await press(page, 'Go on to check');
  await check(page, 'mistakes in English');
  await field(page, 'text1').fill('More benches, please.');
  await page.getByRole('radio').first().check();
  await press(page, 'Go on to check');
  await check(page, 'the confirmation in English');
  await press(page, 'Send');
  await check(page, 'the receipt in English');
});

test('what residents meet in between: codes, drafts, receipts, hidden and withdrawn posts', async ({ page, newPerson }) => {
  test.slow();
  const visitor = await newPerson();
  await visitor.goto('/account/sign-up');
  await field(visitor, 'email').fill(`axe-${unique()}@example.jp`);
  await field(visitor, 'display_name').fill('みなと');
  await field(visitor, 'password').fill('みずうみ-まちこえ-2026');
  await press(visitor, '確認コードを受け取る');
  await press(visitor, '確認コードをもう一度送る');
  await check(visitor, 'another code was sent');

  await signIn(page, 'resident51@example.jp');
  await page.goto(`/consultations/${OPEN_THEME.slug}/proposals/new`);
  await field(page, 'body').fill('書きかけ');
  await press(page, '下書きを保存する');
  await check(page, 'the draft was kept');
  const title = `すぐに取り下げる意見 ${unique()}`;
  const address = await post(page, OPEN_THEME.slug, title, '書き間違えました。');
  await check(page, 'just posted');
  await page.goto(`${address}/edit`);
  await check(page, 'editing');
  await press(page, '変更を保存する');
  await check(page, 'just edited');
  await page.goto(`${address}/withdraw`);
  await press(page, '取り下げる');
  await check(page, 'just withdrawn');
  expect((await visitor.goto(address))?.status()).toBe(410);
  await check(visitor, 'error-410');

  const hidden = await post(page, OPEN_THEME.slug, `非表示になる意見 ${unique()}`, '内容');
  const clerk = await newPerson();
  await signIn(clerk, CLERK);
  await clerk.goto('/staff/moderation');
  await clerk.getByRole('main').getByRole('link', { name: /^非表示になる意見/ }).first().click();
  await clerk.getByText('理由をつけて非表示にする').click();
  await clerk.getByRole('radio', { name: 'テーマと関係がないため' }).check();
  await press(clerk, '非表示にする');
  await check(clerk, 'hidden, for staff');
  for (const [name, person] of [['visitor', visitor], ['author', page], ['staff', clerk]] as const) {
    await person.goto(hidden);
    await check(person, `hidden, for the ${name}`);
  }
  await visitor.goto(`/consultations/${OPEN_THEME.slug}/proposals`);
  await check(visitor, 'a placeholder in the list');
});

test('what staff meet in between: an empty desk, conflicts, a published view', async ({ page, newPerson }) => {
  test.slow();
  const slug = `axe-${unique()}`;
  const opinion = `軸になる意見 ${unique()}`;
  await signIn(page, CLERK);
  const desk = await createTheme(page, { title: `軸になるテーマ ${unique()}`, slug, opens: -10, closes: 5 });
  await check(page, 'a draft, just saved');
  await publishTheme(page, desk);
  await check(page, 'just published');
  await page.goto(`${desk}/responses`);
  await check(page, 'a desk without chapters');
  const resident = await newPerson();
  await signIn(resident, 'resident52@example.jp');
  const address = await post(resident, slug, opinion, '本文です。');
  await resident.goto(`/consultations/${slug}/proposals/new`);
  await page.goto(`${desk}/edit`);
  const other = await newPerson();
  await signIn(other, APPROVER);
  await closeTheme(other, desk);
  await press(page, '保存する');
  await check(page, 'conflict of two about a theme');
  await field(resident, 'body').fill('間に合わなかった文章');
  await press(resident, '投稿する');
  await check(resident, 'the period ended while writing');

  await addChapter(page, desk, '章');
  await addRow(page, desk, { opinion, text: '要旨', answer: '考え方', disposition: '反映' });
  for (const person of [page, other]) {
    await person.goto(`${desk}/responses`);
    await person.getByRole('main').getByRole('link', { name: /^編集する/ }).click();
  }
  await field(page, 'text').fill('さらに短い要旨');
  await press(page, '回答を確定する');
  await check(page, 'a row, just saved');
  await field(other, 'text').fill('別の要旨');
  await field(other, 'answer').fill('別の考え方');
  await press(other, '回答を確定する');
  await check(other, 'conflict of two about a row');
  await page.goto(`${desk}/approval`);
  await check(page, 'not ready to be put up');
  await confirmAll(other, desk);
  await page.goto(`${desk}/approval`);
  await check(page, 'ready to be put up');
  await putUp(page, desk, '委員会の前に公表します。');
  await check(page, 'just put up');
  const checker = await newPerson();
  await signIn(checker, ADMIN);
  await checker.goto(`${desk}/approval`);
  await press(checker, '差し戻す');
  await check(checker, 'sent back without a word');
  await approve(checker, desk, '確認', '件数を確認しました。');
  await approve(other, desk, '決裁');
  await check(other, 'ready to be published');
  await press(other, '公表する');
  await check(other, 'just published');
  await resident.goto(address);
  await check(resident, 'an answered proposal');
});

test('403: sent from another site', async ({ page, site }) => {
  await page.setContent(`<form method="post" action="${site.url}/account/sign-out"><button>x</button></form>`);
  const answer = page.waitForResponse((r) => r.request().method() === 'POST');
  await page.getByRole('button').click();
  expect((await answer).status()).toBe(403);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('安全のため送信を止めました');
  await check(page, 'error-403 from another site');
});

test.describe('413', () => {
  // The text is too large to be kept as a draft as well.
  test.use({ tolerated: /\/api\/draft/ });

  test('413: too large', async ({ page }) => {
    await signIn(page, 'resident53@example.jp');
    await page.goto(`/consultations/${OPEN_THEME.slug}/proposals/new`);
    await field(page, 'body').fill('あ'.repeat(100_000));
    const answer = page.waitForResponse((r) => r.request().method() === 'POST' && r.url().endsWith('/proposals/new'));
    await press(page, '投稿する');
    expect((await answer).status()).toBe(413);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('送信された内容が大きすぎます');
    await check(page, 'error-413');
    await signOut(page);
  });
});

test('429: too often', async ({ newPerson }) => {
  const limited = await startSite(process.env.E2E_TEMPLATE ?? '', { MACHIKOE_RATE_LIMITS: 'on' });
  try {
    const person = await newPerson();
    const answers = person.waitForResponse((r) => r.request().method() === 'POST' && r.status() === 429);
    for (let turn = 0; turn < 20; turn += 1) {
      await person.goto(`${limited.url}/account/reset`);
      await field(person, 'email').fill('nobody@example.jp');
      await press(person, '確認コードを受け取る');
      if ((await person.getByRole('heading', { level: 1 }).innerText()) === 'しばらくお待ちください') break;
    }
    const answer = await answers;
    expect(Number(answer.headers()['retry-after'])).toBeGreaterThan(0);
    await expect(person.getByRole('heading', { level: 1 })).toHaveText('しばらくお待ちください');
    await check(person, 'error-429');
  } finally {
    await limited.stop();
  }
});
