import { ADMIN, RESIDENT, signIn, test } from './support/fixtures.ts';
import { PUBLIC, RESIDENTS, STAFF, visit } from './support/pages.ts';

/** Saves every page as a person sees it, on a phone and on a desk, into screenshots/. */

const groups = [
  { who: 'visitor', email: undefined, stops: PUBLIC },
  { who: 'resident', email: RESIDENT, stops: RESIDENTS },
  { who: 'staff', email: ADMIN, stops: STAFF },
];

for (const width of [375, 1280]) {
  for (const { who, email, stops } of groups) {
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
