import { defineConfig } from '@playwright/test';
import { browser, desktop, phone } from './support/browser.ts';

/** Specs of what JavaScript adds: they have nothing to do without it. axe needs JavaScript as well. */
const NEEDS_JAVASCRIPT = ['**/*.hydrate.spec.ts', '**/accessibility.spec.ts'];

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  globalSetup: './support/global-setup.ts',
  workers: 2,
  fullyParallel: false,
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 8_000 },
  reporter: [['list']],
  use: { ...browser, actionTimeout: 10_000, navigationTimeout: 20_000, screenshot: 'only-on-failure', trace: 'off' },
  projects: [
    { name: 'js-desktop', use: desktop },
    // Phones have no keyboard to tab with.
    { name: 'js-phone', use: phone, testIgnore: '**/*keyboard.spec.ts' },
    { name: 'no-js', use: { ...desktop, javaScriptEnabled: false }, testIgnore: NEEDS_JAVASCRIPT },
  ],
});
