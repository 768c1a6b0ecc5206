import {
  ADMIN,
  ANSWERED_THEME,
  APPROVER,
  AUDITOR,
  CLERK,
  COMMENT_THEME,
  COMING_THEME,
  DESK_APPROVER,
  DESK_CLERK,
  DESK_THEME,
  DRAFT_THEME,
  OPEN_THEME,
  RESIDENT,
  field,
  type Page,
} from './fixtures.ts';

/** A page to look at: a name for the picture, and where it is (or how to get there). */
export interface Stop {
  name: string;
  path: string | ((page: Page) => Promise<string>);
  /** What to do there before looking. */
  then?: (page: Page) => Promise<void>;
}

/** Somebody with the pages that only they see, or see differently. */
export interface Person {
  who: string;
  /** Whom to sign in; nobody for a visitor. */
  email?: string;
  stops: Stop[];
}

const theme = `/consultations/${OPEN_THEME.slug}`;
const comment = `/consultations/${COMMENT_THEME.slug}`;
const answered = `/consultations/${ANSWERED_THEME.slug}`;

/** The address behind the first link that fits on a page. */
const first = (on: string, selector: string, more = '') => async (page: Page) => {
  await page.goto(on);
  const href = await page.locator(selector).first().getAttribute('href');
  if (!href) throw new Error(`no ${selector} on ${on}`);
  return `${href}${more}`;
};
const press = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole('main').getByRole('button', { name }).first().click();
  await page.waitForLoadState();
};
/** Opens everything that can be opened. */
const open = (page: Page) => page.getByRole('main').locator('details').evaluateAll((list) => list.forEach((d) => d.setAttribute('open', '')));

const link = (name: string | RegExp) => async (page: Page) => {
  await page.getByRole('main').getByRole('link', { name }).first().click();
  await page.waitForLoadState();
};
/** One step after the other. */
const steps =
  (...all: ((page: Page) => Promise<unknown>)[]) =>
  async (page: Page) => {
    for (const step of all) await step(page);
  };
const type = (name: string, text: string) => (page: Page) => field(page, name).fill(text);
const upload = (name: string, file: string, bytes: string) => (page: Page) =>
  field(page, name).setInputFiles({ name: file, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) });

/** Fills in the form of a public comment. */
const typeComment = steps(
  type('text1', '橋の名前を地図に入れてください。\n\n夜でも読める大きさでお願いします。'),
  type('email', ''),
  (page) => page.getByRole('radio').first().check(),
);
const confirmComment = steps(typeComment, press('確認画面へ進む'), (page) => page.waitForURL(/\/confirm$/));
const sendComment = steps(confirmComment, press('送信する'));
/** Sends the form to a theme that is no longer open, as it happens when the deadline passes while somebody writes. */
const sendLate = steps(
  typeComment,
  (page) => page.locator('.submission-form').evaluate((form: HTMLFormElement, slug) => form.setAttribute('action', `/consultations/${slug}/proposals/new`), ANSWERED_THEME.slug),
  press('確認画面へ進む'),
);
/** The oldest and the newest version of the draft, side by side. */
const compared = async (page: Page) => {
  await page.goto(`${comment}/draft`);
  const versions = await page.locator('#draft-version option').evaluateAll((options) => options.map((o) => (o as HTMLOptionElement).value));
  return `${comment}/draft?version=${versions[0]}&compare=${versions.at(-1)}`;
};

/** The published table narrowed to a chapter and a 対応区分, by their places in the lists. */
const narrowed = (chapter: number, disposition: number) => async (page: Page) => {
  await page.goto(`${answered}/responses`);
  const value = (name: string, at: number) => page.locator(`#filter-${name} option`).nth(at).getAttribute('value');
  return `${answered}/responses?chapter=${await value('chapter', chapter)}&disposition=${await value('disposition', disposition)}`;
};

const VISITOR: Stop[] = [
  { name: 'home', path: '/' },
  { name: 'language-menu', path: '/', then: (page) => page.getByRole('banner').locator('summary').click() },
  { name: 'themes', path: '/consultations' },
  { name: 'themes-none', path: '/consultations?phase=coming&kind=public_comment' },
  { name: 'theme-open', path: theme },
  { name: 'theme-answered', path: answered },
  { name: 'theme-coming', path: `/consultations/${COMING_THEME.slug}` },
  { name: 'proposals', path: `${theme}/proposals` },
  { name: 'proposals-second-page', path: first(`${theme}/proposals`, '.pager a[rel=next]') },
  { name: 'proposals-none', path: `${theme}/proposals?q=%E3%83%8C%E3%83%8C%E3%83%8C` },
  { name: 'proposal', path: first(`${theme}/proposals?sort=likes`, '.proposal-card__title a') },
  { name: 'comment', path: comment },
  { name: 'comment-draft', path: `${comment}/draft` },
  { name: 'comment-draft-compared', path: compared },
  { name: 'comment-draft-older', path: async (page) => (await compared(page)).replace(/version=(\d+)&compare=(\d+)/, 'version=$2') },
  { name: 'comment-twin', path: first(comment, 'main a[href*="/text"]') },
  { name: 'comment-paper', path: `${comment}/paper-form` },
  { name: 'comment-form', path: `${comment}/proposals/new?anchor=p23` },
  { name: 'comment-form-errors', path: `${comment}/proposals/new`, then: steps(type('email', 'x'), press('確認画面へ進む')) },
  { name: 'comment-form-two', path: `${comment}/proposals/new`, then: press('意見を追加する') },
  { name: 'comment-form-kinds', path: `${comment}/proposals/new`, then: (page) => page.getByRole('radio').nth(3).check() },
  { name: 'comment-form-again', path: `${comment}/proposals/new` },
  { name: 'comment-confirm', path: `${comment}/proposals/new`, then: confirmComment },
  { name: 'comment-late', path: `${comment}/proposals/new`, then: sendLate },
  { name: 'comment-cleared', path: `${comment}/proposals/new`, then: press('入力内容を消す') },
  { name: 'comment-receipt', path: `${comment}/proposals/new`, then: sendComment },
  { name: 'comment-correction', path: `${comment}/proposals/new`, then: steps(sendComment, link('内容を訂正する')) },
  { name: 'comment-correction-errors', path: `${comment}/proposals/new`, then: steps(sendComment, link('内容を訂正する'), type('text1', ''), press('訂正を送信する')) },
  { name: 'comment-withdraw', path: `${comment}/proposals/new`, then: steps(sendComment, link('取り下げる')) },
  { name: 'comment-withdrawn', path: `${comment}/proposals/new`, then: steps(sendComment, link('取り下げる'), press('取り下げる')) },
  { name: 'responses', path: `${answered}/responses` },
  { name: 'responses-chapter', path: narrowed(1, 0) },
  { name: 'responses-disposition', path: narrowed(0, 2) },
  { name: 'responses-nothing-fits', path: narrowed(2, 6) },
  { name: 'responses-none', path: '/consultations/bunka/responses' },
  { name: 'responses-earlier', path: `${answered}/responses?version=1` },
  { name: 'commitments', path: `${answered}/commitments` },
  { name: 'responses-index', path: '/responses' },
  { name: 'responses-year', path: first('/responses', '.year-list a') },
  { name: 'receipts', path: '/receipts' },
  { name: 'receipts-unknown', path: '/receipts?number=R8-AAAA-AAAA' },
  { name: 'about', path: '/about' },
  { name: 'rules', path: '/about/rules' },
  { name: 'privacy', path: '/about/privacy' },
  { name: 'accessibility', path: '/about/accessibility' },
  { name: 'sign-up', path: '/account/sign-up' },
  { name: 'sign-up-errors', path: '/account/sign-up', then: press('確認コードを受け取る') },
  { name: 'sign-in', path: '/account/sign-in' },
  { name: 'sign-in-errors', path: '/account/sign-in', then: press('サインイン') },
  { name: 'signed-out', path: '/account/sign-in?notice=signed-out' },
  { name: 'reset', path: '/account/reset' },
  { name: 'reset-errors', path: '/account/reset', then: press('確認コードを受け取る') },
  { name: 'confirm', path: '/account/confirm?email=hanako%40example.jp' },
  { name: 'confirm-errors', path: '/account/confirm?email=hanako%40example.jp', then: press('確認する') },
  { name: 'confirm-plain', path: '/account/confirm' },
  { name: 'reset-confirm', path: '/account/reset/confirm?email=hanako%40example.jp' },
  { name: 'reset-confirm-errors', path: '/account/reset/confirm', then: press('パスワードを変更する') },
  { name: 'invitation', path: '/account/invitation?account=1&token=x' },
  { name: 'invitation-dead', path: '/account/invitation' },
  { name: 'error-mistyped', path: `${theme}/proposals/x` },
  { name: 'error-404', path: '/nothing/here' },
  { name: 'error-405', path: '/account/sign-out' },
];

const RESIDENTS: Stop[] = [
  { name: 'proposals-signed-in', path: `${theme}/proposals?sort=likes` },
  { name: 'proposal-signed-in', path: first(`${theme}/proposals`, '.proposal-card__title a') },
  { name: 'proposal-new', path: `${theme}/proposals/new` },
  { name: 'proposal-new-errors', path: `${theme}/proposals/new`, then: press('投稿する') },
  { name: 'comment-form', path: `${comment}/proposals/new` },
  { name: 'account', path: '/account' },
  { name: 'account-welcome', path: '/account?notice=welcome' },
  {
    name: 'account-errors',
    path: '/account',
    then: async (page) => {
      await field(page, 'display_name').fill('');
      await press('変更を保存する')(page);
    },
  },
  { name: 'proposal-own', path: first('/account', 'main a[href*="/proposals/"]') },
  { name: 'proposal-withdraw', path: first('/account', 'main a[href*="/proposals/"]', '/withdraw') },
  { name: 'receipt', path: first('/account', 'main a[href^="/receipts/"]') },
  { name: 'follow', path: `${comment}/follow` },
  { name: 'error-403', path: '/staff' },
  // Liked already: it can't be changed any more.
  { name: 'error-409', path: first('/account', 'main a[href*="/proposals/"]', '/edit') },
];

const desk = (title: string, part: string) => async (page: Page) => {
  await page.goto('/staff/consultations?department=all');
  const href = await page.getByRole('main').getByRole('link', { name: title }).getAttribute('href');
  return `${href}${part}`;
};
const inWork = (part: string) => desk(DESK_THEME.title, part);
/** The address behind the first link that fits on a page of the theme whose answers are being written. */
const worked = (part: string, selector: string, more = '') => async (page: Page) => first(await inWork(part)(page), selector, more)(page);
const inDesk = (title: string, selector: string) => async (page: Page) => first(await desk(title, '/responses')(page), selector)(page);

const inComment = (part: string) => desk(COMMENT_THEME.title, part);
/** The address behind the first link that fits on a page of the public comment's console. */
const linked = (part: string, selector: string) => async (page: Page) => first(await inComment(part)(page), selector)(page);
const submission = linked('/intake?state=accepted&channel=web', '.intake tbody th a');

/** Tables of submissions as a department keeps them; the second can't be brought in as it is. */
const TABLE = '意見,提出方法,収受日,氏名,住所\n階段に手すりを付けてください。,郵送,令和7年4月3日,本田 一郎,みなも区本町1\n';
const WRONG_TABLE = `${TABLE}手すりの色も決めてください。,伝書鳩,令和7年2月30日,本田 二郎,みなも区本町2\n`;
const uploaded = (bytes: string) => steps(upload('file', '一覧.csv', bytes), press('ファイルを読み込む'));
const checked = (bytes: string) => steps(uploaded(bytes), press('全行を点検する'));

/** What a department's people do with a public comment. */
const INTAKE: Stop[] = [
  { name: 'comment', path: inComment('') },
  { name: 'comment-edit', path: inComment('/edit'), then: open },
  { name: 'comment-extension', path: inComment('/extension') },
  { name: 'comment-extension-errors', path: inComment('/extension'), then: press('延長する') },
  { name: 'documents', path: inComment('/documents'), then: open },
  { name: 'document-new', path: inComment('/documents/new') },
  { name: 'document-new-errors', path: inComment('/documents/new'), then: press('追加する') },
  { name: 'document-version', path: linked('/documents', 'main a[href$="/versions/new"]') },
  { name: 'document-twin', path: linked('/documents', 'main a[href$="/text"]') },
  { name: 'draft-preview', path: inComment('/preview/draft') },
  { name: 'intake', path: inComment('/intake'), then: open },
  { name: 'intake-none', path: inComment('/intake?q=%E3%83%8C%E3%83%8C%E3%83%8C') },
  { name: 'intake-filter-errors', path: inComment('/intake?from=%E3%83%8C&number=%E3%83%8C') },
  { name: 'intake-bulk-errors', path: inComment('/intake'), then: press('状態を変更する') },
  { name: 'submission', path: submission, then: open },
  { name: 'submission-errors', path: submission, then: steps(open, press('状態を変更する')) },
  { name: 'submission-note-errors', path: submission, then: press('メモを追加する') },
  { name: 'submission-correction-errors', path: submission, then: steps(open, type('correction', ''), press('補正を求める')) },
  { name: 'identity-errors', path: submission, then: steps(open, press('提出者の情報を見る')) },
  {
    name: 'identity',
    path: submission,
    then: steps(open, (page) => page.locator('#identity select').selectOption('inquiry'), press('提出者の情報を見る')),
  },
  { name: 'identities', path: inComment('/identities') },
  { name: 'assigned', path: '/staff/assigned' },
  { name: 'entry', path: inComment('/entry') },
  { name: 'entry-errors', path: inComment('/entry'), then: press('登録して次へ') },
  { name: 'entry-split', path: inComment('/entry'), then: steps(type('body', '①橋の名前を入れてください。②堤防を高くしてください。'), press('①②③や段落で分ける')) },
  { name: 'poster', path: inComment('/poster') },
  { name: 'import', path: inComment('/import') },
  { name: 'import-refused', path: inComment('/import'), then: uploaded('<!DOCTYPE html><html><body><table></table></body></html>') },
  { name: 'import-mapping', path: inComment('/import'), then: uploaded(TABLE) },
  {
    name: 'import-mapping-errors',
    path: inComment('/import'),
    then: steps(uploaded(TABLE), (page) => field(page, 'col_body').selectOption(''), press('全行を点検する')),
  },
  { name: 'import-problems', path: inComment('/import'), then: checked(WRONG_TABLE) },
  { name: 'import-checked', path: inComment('/import'), then: checked(TABLE) },
  { name: 'import-done', path: inComment('/import'), then: steps(checked(TABLE), press(/通を取り込む$/)) },
  { name: 'import-undone', path: linked('/import', '.table a'), then: press('取り消す') },
  { name: 'groups', path: inComment('/groups') },
  { name: 'group', path: linked('/groups', '.groups a') },
  { name: 'residents-form', path: `${comment}/proposals/new` },
];

const WRITERS: Stop[] = [
  { name: 'dashboard', path: '/staff' },
  { name: 'themes', path: '/staff/consultations?department=all' },
  { name: 'theme-new', path: '/staff/consultations/new' },
  { name: 'theme-new-errors', path: '/staff/consultations/new', then: press('保存する') },
  { name: 'theme', path: desk(OPEN_THEME.title, '') },
  { name: 'theme-edit', path: desk(OPEN_THEME.title, '/edit') },
  { name: 'theme-proposals', path: desk(OPEN_THEME.title, '/proposals') },
  { name: 'proposal', path: first('/staff/moderation', '.queue-item .proposal-card__title a'), then: open },
  {
    name: 'proposal-errors',
    path: first('/staff/moderation', '.queue-item .proposal-card__title a'),
    then: async (page) => {
      await open(page);
      await press('非表示にする')(page);
    },
  },
  { name: 'desk', path: desk(OPEN_THEME.title, '/responses') },
  { name: 'desk-preview', path: desk(OPEN_THEME.title, '/responses/preview') },
];

const ADMINS: Stop[] = [
  { name: 'dashboard', path: '/staff' },
  { name: 'themes-none', path: '/staff/consultations?department=all&phase=review' },
  { name: 'draft', path: desk(DRAFT_THEME.title, '') },
  { name: 'draft-errors', path: desk(DRAFT_THEME.title, ''), then: press('この日時に公開する') },
  { name: 'draft-cover-errors', path: desk(DRAFT_THEME.title, ''), then: press('画像を保存する') },
  { name: 'draft-documents', path: desk(DRAFT_THEME.title, '/documents') },
  { name: 'draft-preview', path: desk(DRAFT_THEME.title, '/preview') },
  { name: 'theme-answered', path: desk(ANSWERED_THEME.title, ''), then: open },
  { name: 'moderation', path: '/staff/moderation' },
  { name: 'moderation-none', path: '/staff/moderation?state=hidden&q=%E3%83%8C%E3%83%8C' },
  { name: 'desk', path: desk(ANSWERED_THEME.title, '/responses') },
  { name: 'desk-errors', path: desk(ANSWERED_THEME.title, '/responses'), then: press('章を追加する') },
  { name: 'desk-preview', path: desk(ANSWERED_THEME.title, '/responses/preview') },
  { name: 'row-new', path: inDesk(ANSWERED_THEME.title, 'a[href*="/rows/new?chapter"]') },
  { name: 'row', path: inDesk(ANSWERED_THEME.title, '.desk-row__actions > a') },
  { name: 'row-errors', path: inDesk(ANSWERED_THEME.title, 'a[href*="/rows/new?chapter"]'), then: press('回答を確定する') },
  { name: 'approval-published', path: desk(ANSWERED_THEME.title, '/approval') },
  { name: 'approval-table', path: async (page) => first(await desk(ANSWERED_THEME.title, '/approval')(page), 'a[href$="/table"]')(page) },
  { name: 'commitment-report', path: async (page) => first(await desk(ANSWERED_THEME.title, '/commitments')(page), '.commitment a')(page) },
  { name: 'commitment-report-errors', path: async (page) => first(await desk(ANSWERED_THEME.title, '/commitments')(page), '.commitment a')(page), then: press('報告を公開する') },
  { name: 'outputs-published', path: desk(ANSWERED_THEME.title, '/outputs') },
  { name: 'answers', path: '/staff/answers' },
  { name: 'answers-found', path: '/staff/answers?q=%E3%82%B9%E3%83%9E%E3%83%BC%E3%83%88%E3%83%95%E3%82%A9%E3%83%B3' },
  { name: 'answers-none', path: '/staff/answers?q=%E3%83%8C%E3%83%8C%E3%83%8C' },
  { name: 'settings', path: '/staff/settings' },
  { name: 'settings-filled', path: '/staff/settings', then: steps((page) => page.getByRole('radio', { name: /^品川区型/ }).check(), press('このひな型を下の欄に入れる')) },
  { name: 'settings-errors', path: '/staff/settings', then: steps(type('min_days', '0'), press('保存する')) },
  { name: 'settings-layout', path: '/staff/settings/layout' },
  { name: 'settings-layout-errors', path: '/staff/settings/layout', then: steps(type('title', ''), press('保存する')) },
  { name: 'settings-dispositions', path: '/staff/settings/dispositions' },
  { name: 'settings-dispositions-errors', path: '/staff/settings/dispositions', then: steps(press('区分を追加する'), press('保存する')) },
  { name: 'settings-workflow', path: '/staff/settings/workflow' },
  { name: 'settings-workflow-errors', path: '/staff/settings/workflow', then: steps(press('段階を追加する'), press('保存する')) },
  { name: 'settings-phrases', path: '/staff/settings/phrases' },
  { name: 'settings-phrases-errors', path: '/staff/settings/phrases', then: steps(type('text', ''), press('保存する')) },
  { name: 'board-department', path: '/staff/board?department=1' },
  { name: 'audit', path: '/staff/audit' },
];

/** What a department's people do on the response desk, with a theme whose period is over. */
const DESK: Stop[] = [
  { name: 'desk', path: inWork('/responses') },
  { name: 'desk-open', path: inWork('/responses'), then: open },
  { name: 'desk-any', path: inWork('/responses?placed=any'), then: open },
  { name: 'desk-out', path: inWork('/responses?placed=out') },
  { name: 'desk-again', path: inWork('/responses?placed=again') },
  { name: 'desk-none', path: inWork('/responses?q=%E3%83%8C%E3%83%8C%E3%83%8C') },
  { name: 'desk-of-row', path: worked('/responses', 'a[href*="placed=any&row="]') },
  { name: 'desk-refused', path: inWork('/responses?placed=any'), then: steps(open, press('対象外にする')) },
  { name: 'clusters', path: inWork('/responses/clusters'), then: open },
  { name: 'changes', path: inWork('/responses/changes') },
  { name: 'split', path: worked('/responses?placed=any', 'a[href*="/split/"]') },
  { name: 'split-errors', path: worked('/responses?placed=any', 'a[href*="/split/"]'), then: steps(type('item', ''), press('この分け方で保存する')) },
  { name: 'merge', path: worked('/responses', '.desk-row__actions > a', '/merge?into=1-1') },
  { name: 'row', path: worked('/responses', '.desk-row__actions > a'), then: open },
  { name: 'row-checked', path: worked('/responses', '.desk-row__actions > a'), then: steps(type('text', '電話は03-1234-5678です。'), press('確かめる')) },
  { name: 'row-errors', path: worked('/responses', '.desk-row__actions > a'), then: steps(type('text', ''), type('answer', ''), press('回答を確定する')) },
  { name: 'row-originals', path: worked('/responses', '.desk-row__actions > a', '/originals') },
  { name: 'routing', path: inWork('/routing') },
  { name: 'routing-errors', path: inWork('/routing'), then: press('割り当てる') },
  { name: 'row-routing', path: worked('/responses', '.desk-row__actions > a', '/routing') },
  { name: 'row-routing-errors', path: worked('/responses', '.desk-row__actions > a', '/routing'), then: press('合議を依頼する') },
  { name: 'board', path: '/staff/board' },
  { name: 'board-settled', path: '/staff/board?show=settled' },
  { name: 'plan-changes', path: inWork('/plan-changes') },
  { name: 'plan-change-new', path: inWork('/plan-changes/new') },
  { name: 'plan-change-errors', path: inWork('/plan-changes/new'), then: press('保存する') },
  { name: 'commitments', path: inWork('/commitments') },
  { name: 'commitment-new', path: inWork('/commitments/new') },
  { name: 'commitment', path: worked('/commitments', '.commitment a') },
  { name: 'plan-change', path: worked('/plan-changes', '.plan-change a') },
  { name: 'commitment-errors', path: inWork('/commitments/new'), then: press('保存する') },
  { name: 'approval', path: inWork('/approval') },
  { name: 'outputs', path: inWork('/outputs'), then: open },
  { name: 'layout', path: inWork('/layout') },
  { name: 'layout-own', path: inWork('/layout'), then: press('このテーマだけの様式にする') },
  { name: 'desk-preview', path: inWork('/responses/preview') },
];

const READERS: Stop[] = [
  { name: 'dashboard', path: '/staff' },
  { name: 'theme', path: desk(OPEN_THEME.title, '') },
  { name: 'theme-proposals', path: desk(OPEN_THEME.title, '/proposals') },
  { name: 'desk', path: desk(ANSWERED_THEME.title, '/responses') },
  { name: 'approval', path: desk(ANSWERED_THEME.title, '/approval') },
  { name: 'audit', path: '/staff/audit' },
  { name: 'audit-none', path: '/staff/audit?action=staff.add' },
  { name: 'account', path: '/account' },
];

export const PEOPLE: Person[] = [
  { who: 'visitor', stops: VISITOR },
  { who: 'resident', email: RESIDENT, stops: RESIDENTS },
  { who: 'clerk', email: CLERK, stops: WRITERS },
  { who: 'intake', email: CLERK, stops: INTAKE },
  { who: 'approver', email: APPROVER, stops: WRITERS.filter((s) => ['dashboard', 'theme', 'desk'].includes(s.name)) },
  { who: 'desk', email: DESK_CLERK, stops: DESK },
  { who: 'desk-approver', email: DESK_APPROVER, stops: DESK.filter((s) => ['row', 'approval', 'board'].includes(s.name)) },
  { who: 'admin', email: ADMIN, stops: ADMINS },
  { who: 'auditor', email: AUDITOR, stops: READERS },
];

/** Goes there. */
export async function visit(page: Page, stop: Stop): Promise<void> {
  await page.goto(typeof stop.path === 'string' ? stop.path : await stop.path(page));
  await stop.then?.(page);
}
