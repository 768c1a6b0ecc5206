import { CLERK, expect, field, signIn, test, unique, type Page } from '../support/fixtures.ts';
import { createComment, press, publishTheme } from '../support/staff.ts';

/** Bringing in a department's own table: every problem by row and column first, then all of it or nothing, and back again. */

test.skip(({ isMobile }) => isMobile, 'departments work at desks');

const said = (page: Page, text: string) => expect(page.getByRole('status').filter({ hasText: text })).toBeVisible();
const rows = (page: Page) => page.locator('.intake tbody tr');

/** 「意見,提出方法,収受日,氏名,住所」 and two rows in Shift_JIS, as Excel writes them. */
const SHIFT_JIS = Buffer.from(
  '88d38ca92c92f18f6f95fb96402c8ef38ef793fa2c8e8196bc2c8f5a8f8a0d0a' + // 意見,提出方法,収受日,氏名,住所
    '8aee92698ec882e88ec882e982f091ab82b582c489ba82b382a281422c97588197' +
    '0d0a',
  'hex',
);

async function upload(page: Page, desk: string, name: string, bytes: Buffer | string): Promise<void> {
  await page.goto(`${desk}/import`);
  await field(page, 'file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(bytes) });
  await press(page, 'ファイルを読み込む');
}
