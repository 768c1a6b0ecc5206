import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** axe finds nothing on the page as it is now. */
export async function axe(page: Page, name = ''): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .setLegacyMode(true)
    .analyze();
  const list = violations.flatMap((v) =>
    v.nodes.slice(0, 5).map((node) => `${v.id} (${v.impact}): ${v.help}\n    ${node.html.slice(0, 200)}\n    ${node.any.concat(node.all, node.none).map((c) => c.message).join('; ')}`),
  );
  expect.soft(list, `axe on ${name} ${page.url()}:\n${list.join('\n')}\n`).toEqual([]);
}

/** The page has one headline. */
export async function oneHeadline(page: Page, name = ''): Promise<void> {
  expect.soft(await page.getByRole('heading', { level: 1 }).count(), `headlines of ${name} ${page.url()}`).toBe(1);
}

/** Nothing is wider than the window. */
export async function noSidewaysScroll(page: Page, name = ''): Promise<void> {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.body.querySelectorAll('*')]
      .filter((e) => e.getBoundingClientRect().right > width + 0.5)
      .slice(0, 8)
      .map((e) => `${e.tagName.toLowerCase()}.${e.className}: ${Math.round(e.getBoundingClientRect().right)}px of ${width}px`);
  });
  expect.soft(wide, `${name} ${page.url()} scrolls sideways:\n${wide.join('\n')}\n`).toEqual([]);
}

/** Follows the scripts that a browser loads; a page without islands has to be one without scripts. */
export function followScripts(page: Page): { check: (name: string) => Promise<void> } {
  let loaded: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loaded = [];
    else if (request.resourceType() === 'script' || /\.(js|wasm)$/.test(new URL(request.url()).pathname)) loaded.push(request.url());
  });
  return {
    check: async (name) => {
      const islands = await page.locator('leptos-island').count();
      const scripts = await page.locator('script, link[rel=modulepreload], link[as=fetch]').count();
      if (islands === 0) expect.soft({ scripts, loaded }, `${name} ${page.url()} has no islands`).toEqual({ scripts: 0, loaded: [] });
      else expect.soft(scripts, `${name} ${page.url()} has islands`).toBeGreaterThan(0);
    },
  };
}
