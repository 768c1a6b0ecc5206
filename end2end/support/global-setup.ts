import { rmSync } from 'node:fs';
import { createTemplate } from './server.ts';

/** Runs once: makes the demonstration that every worker's server starts from; gives the clean-up. */
export default async function globalSetup(): Promise<() => void> {
  const template = await createTemplate();
  process.env.E2E_TEMPLATE = template;
  return () => rmSync(template, { recursive: true, force: true });
}
