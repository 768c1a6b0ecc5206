import { expect, type Page } from './fixtures.ts';

/** A page used with the keyboard alone. */
export class Keyboard {
  constructor(private readonly page: Page) {}

  /** Tabs to what the selector names; fails when the focus has gone round the page, or can't be seen. */
  async tabTo(selector: string): Promise<void> {
    for (let turn = 0; turn < 400; turn += 1) {
      if (await this.page.evaluate((s) => document.activeElement?.matches(s), selector)) {
        await expect(this.page.locator(':focus'), `${selector} has to be seen when it has the focus`).toBeInViewport();
        return;
      }
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reached ${selector}`);
  }

  /** Types into the field of this name. */
  async write(name: string, text: string): Promise<void> {
    await this.tabTo(`#f-${name}`);
    await this.page.keyboard.insertText(text);
  }

  /** Presses a button, or Enter where the focus is when no button is named, and waits for the page that comes. */
  async push(selector: string, key = 'Enter'): Promise<void> {
    if (selector) await this.tabTo(selector);
    const loaded = this.page.waitForEvent('load');
    await this.page.keyboard.press(key);
    await loaded;
  }
}
