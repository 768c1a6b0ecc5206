import { audit, noSidewaysScroll } from '../support/checks.ts';
import { ADMIN, RESIDENT, expect, signIn, test } from '../support/fixtures.ts';
import { PUBLIC, RESIDENTS, STAFF, visit } from '../support/pages.ts';

/** axe finds nothing on any page, for anybody; nothing scrolls sideways on the narrowest screens. */

test.describe('a visitor', () => {
  for (const stop of PUBLIC) {
    test(`${stop.name}: axe, one headline, no sideways scrolling at 320 px`, async ({ page }) => {
      await visit(page, stop);
      await audit(page);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await page.setViewportSize({ width: 320, height: 640 });
      await noSidewaysScroll(page);
    });
  }

  test('in English as well', async ({ page }) => {
    await page.goto('/language/en?next=/');
    for (const path of ['/', '/consultations', '/consultations/digital-houshin/responses']) {
      await page.goto(path);
      await audit(page);
    }
  });
});

for (const [who, email, stops] of [
  ['a resident', RESIDENT, RESIDENTS],
  ['staff', ADMIN, STAFF],
] as const) {
  test(`${who}: axe and no sideways scrolling on every page`, async ({ page }, info) => {
    test.setTimeout(180_000);
    await signIn(page, email);
    const size = page.viewportSize();
    for (const stop of stops) {
      await test.step(stop.name, async () => {
        await visit(page, stop);
        await audit(page);
        if (who === 'a resident' && info.project.name === 'js-phone') {
          await page.setViewportSize({ width: 320, height: 640 });
          await noSidewaysScroll(page);
          if (size) await page.setViewportSize(size);
        }
      });
    }
  });
}
