import { signIn, test } from './support/fixtures.ts';
import { PEOPLE, visit } from './support/pages.ts';

/** Saves every page as a person sees it, on a phone and on a desk, into screenshots/. */

for (const width of [375, 1280]) {
  for (const { who, email, stops } of PEOPLE) {
    test(`${who} at ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: width < 600 ? 800 : 900 });
      if (email) await signIn(page, email);
      for (const stop of stops) {
        await test.step(stop.name, async () => {
          await visit(page, stop);
          await page.screenshot({ path: `screenshots/${width}/${who}-${stop.name}.png`, fullPage: true });
        });
      }
    });
  }
}
