import { test as base, expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { startSite, type Site } from './server.ts';
import { Outbox, type Mail } from './mail.ts';

export { expect, type Locator, type Page };
export { codeOf, linkOf } from './mail.ts';

/** The password of every demonstration account. */
export const PASSWORD = 'minamo-demo-2026-tanoshii';
export const RESIDENT = 'resident01@example.jp';
export const CLERK = 'clerk@minamo.example.jp';
export const APPROVER = 'approver@minamo.example.jp';
export const ADMIN = 'admin@minamo.example.jp';
export const AUDITOR = 'auditor@minamo.example.jp';
/** A clerk of another department than the one of the open theme. */
export const OTHER_CLERK = 'clerk2@minamo.example.jp';
/** Clerk and approver of the theme whose answers are being written. */
export const DESK_CLERK = 'clerk3@minamo.example.jp';
export const DESK_APPROVER = 'approver3@minamo.example.jp';

/** The demonstration's themes. */
export const COMMENT_THEME = { slug: 'hinan-shien', title: 'みなも区水害時避難支援計画（素案）への意見募集' };
export const OPEN_THEME = { slug: 'bousai-kenshou', title: 'みなも防災区民憲章をつくろう' };
export const ANSWERED_THEME = { slug: 'digital-houshin', title: 'みなも区デジタル推進方針（素案）への意見募集' };
/** A public comment that is over, with its answers being written by the みどり課. */
export const DESK_THEME = { slug: 'midori-keikaku', title: 'みなも区みどりの基本計画（素案）への意見募集' };
export const COMING_THEME = { slug: 'kouen', title: '中高生と考える、放課後に行きたい場所' };
export const DRAFT_THEME = { slug: 'jitensha', title: '自転車の安全な走り方を話し合おう' };

interface TestFixtures {
  /** What browsers may complain about in this test, because it is what the test does to them. */
  tolerated: RegExp | null;
  /** Follows what browsers complain about; a test fails when there was anything. */
  watch: (context: BrowserContext) => void;
  /** Another person's browser: its own cookies, and nobody is signed in. */
  newPerson: () => Promise<Page>;
  /** Waits for a mail to an address and decodes it. */
  mailTo: (address: string, subject?: string) => Promise<Mail>;
}
interface WorkerFixtures {
  /** This worker's own server, so that no test sees another worker's data. */
  site: Site;
  outbox: Outbox;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  site: [
    async ({}, use) => {
      const template = process.env.E2E_TEMPLATE;
      if (!template) throw new Error('the global setup has not run');
      const site = await startSite(template);
      await use(site);
      await site.stop();
    },
    { scope: 'worker', timeout: 45_000 },
  ],
  outbox: [async ({ site }, use) => use(new Outbox(site.data)), { scope: 'worker' }],
  tolerated: [null, { option: true }],
  watch: async ({ tolerated, javaScriptEnabled }, use) => {
    const complaints: string[] = [];
    await use((context) => {
      context.on('console', (message) => {
        // That a page answered 404 or 422 is no error; of whatever is loaded beside the page the line below tells.
        if (!['error', 'warning'].includes(message.type()) || message.text().includes('the server responded with a status of')) return;
        // Without JavaScript nobody wants what is fetched ahead for it.
        if (!javaScriptEnabled && message.text().includes('was preloaded using link preload but not used')) return;
        complaints.push(`${message.type()} on ${message.page()?.url()}: ${message.text()}`);
      });
      context.on('weberror', (error) => complaints.push(`${error.page()?.url()}: ${error.error()}`));
      context.on('response', (response) => {
        if (response.status() < 400 || response.request().resourceType() === 'document') return;
        complaints.push(`${response.status()} for ${response.url()}`);
      });
    });
    expect(complaints.filter((text) => !tolerated?.test(text))).toEqual([]);
  },
  context: async ({ context, watch }, use) => {
    await context.addInitScript(() => {
      const add = EventTarget.prototype.addEventListener;
      const seen = new WeakSet<EventTarget>();
      const counted = window as { islandListeners?: number };
      EventTarget.prototype.addEventListener = function (this: EventTarget, type: string, ...rest: [EventListener]) {
        if (['submit', 'change', 'input', 'keydown'].includes(type) && !seen.has(this)) {
          seen.add(this);
          counted.islandListeners = (counted.islandListeners ?? 0) + 1;
        }
        add.call(this, type, ...rest);
      };
    });
    watch(context);
    await use(context);
  },
  newPerson: async ({ browser, baseURL, watch }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ baseURL, locale: 'ja-JP' });
      watch(context);
      contexts.push(context);
      return context.newPage();
    });
    for (const context of contexts) await context.close();
  },
  baseURL: async ({ site }, use) => use(site.url),
  mailTo: async ({ outbox }, use) => use((address, subject) => outbox.newest(address, subject)),
});

let counter = 0;
/** Text that no other test uses, for addresses and titles. */
export function unique(): string {
  counter += 1;
  return `${Date.now().toString(36)}${process.pid.toString(36)}${counter}`;
}

/** The control of a form by the name it is sent under; its label belongs to it (axe checks that). */
export function field(page: Page, name: string): Locator {
  return page.getByRole('main').locator(`#f-${name}`);
}

/** Signs in by the form. */
export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.goto('/account/sign-in');
  await fillSignIn(page, email, password);
  await expect(signOutButton(page)).toBeAttached();
}

/** Fills in and sends the sign-in form of this page. */
export async function fillSignIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await field(page, 'email').fill(email);
  await field(page, 'password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'サインイン', exact: true }).click();
}

/** The button in the header; on a phone it is on the account page only. */
export function signOutButton(page: Page): Locator {
  return page.getByRole('banner').getByRole('button', { name: 'サインアウト', includeHidden: true });
}

/** Signs out by the button on the account page, which every screen has. */
export async function signOut(page: Page): Promise<void> {
  await page.goto('/account');
  await page.getByRole('main').getByRole('button', { name: 'サインアウト', exact: true }).click();
  await expect(page.getByRole('banner').getByRole('link', { name: 'サインイン' })).toBeVisible();
}

/** Sends an opinion by the form; gives the address of its page. */
export async function post(page: Page, slug: string, title: string, body: string): Promise<string> {
  await page.goto(`/consultations/${slug}/proposals/new`);
  const questions = page.getByRole('main').getByRole('radio');
  if (await questions.count()) await questions.first().check();
  await field(page, 'title').fill(title);
  await field(page, 'body').fill(body);
  await page.getByRole('main').getByRole('button', { name: '投稿する' }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  return new URL(page.url()).pathname;
}

/** Waits until the islands of a page listen: in each, at least one element does so when it wakes up. */
export async function hydrated(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const islands = document.querySelectorAll('leptos-island').length;
    return islands > 0 && ((window as { islandListeners?: number }).islandListeners ?? 0) >= islands;
  });
}
