import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** axe finds nothing on the page as it is now. */
export async function audit(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .setLegacyMode(true)
    .analyze();
  const list = violations.flatMap((v) =>
    v.nodes.slice(0, 5).map((node) => `${v.id} (${v.impact}): ${v.help}\n    ${node.html.slice(0, 200)}\n    ${node.any.concat(node.all, node.none).map((c) => c.message).join('; ')}`),
  );
  expect(list, `axe on ${page.url()}:\n${list.join('\n')}\n`).toEqual([]);
}

/** Nothing is wider than the window. */
export async function noSidewaysScroll(page: Page): Promise<void> {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((e) => e.getBoundingClientRect().right > width + 0.5)
      .slice(0, 8)
      .map((e) => `${e.tagName.toLowerCase()}.${e.className}: ${Math.round(e.getBoundingClientRect().right)}px of ${width}px`);
  });
  expect(wide, `${page.url()} scrolls sideways:\n${wide.join('\n')}\n`).toEqual([]);
}
