import { existsSync } from 'node:fs';
import type { PlaywrightTestConfig } from '@playwright/test';

type Use = NonNullable<PlaywrightTestConfig['use']>;

/** Debian's Chromium where it is installed, else the one that Playwright fetched. */
const CHROMIUM = '/usr/bin/chromium';

export const browser: Use = {
  browserName: 'chromium',
  locale: 'ja-JP',
  timezoneId: 'Asia/Tokyo',
  launchOptions: {
    ...(existsSync(CHROMIUM) ? { executablePath: CHROMIUM } : {}),
    args: [
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  },
};

export const desktop: Use = { viewport: { width: 1280, height: 900 } };
export const phone: Use = { viewport: { width: 375, height: 800 }, hasTouch: true, isMobile: true };
