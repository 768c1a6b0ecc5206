import { defineConfig } from '@playwright/test';
import { browser } from './support/browser.ts';

/** `make screenshots`: the same server and demonstration as the tests, pictures instead of checks. */
export default defineConfig({
  testDir: '.',
  testMatch: 'screenshots.ts',
  outputDir: 'test-results',
  globalSetup: './support/global-setup.ts',
  workers: 1,
  timeout: 120_000,
  reporter: [['list']],
  use: { ...browser, actionTimeout: 10_000 },
});
