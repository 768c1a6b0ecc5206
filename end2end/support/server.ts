import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { closeSync, cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BINARY = process.env.MACHIKOE_BINARY ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, 'target'), 'debug/machikoe');
const SITE = join(ROOT, 'target/site');

/** Where a template keeps what every server shares: the program, the site's files, the demonstration. */
const program = (template: string) => join(template, 'machikoe');
const siteFiles = (template: string) => join(template, 'site');
const demonstration = (template: string) => join(template, 'data');

/** The settings of a test's server: nothing of the developer's own shines through. */
function environment(template: string, data: string, extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of ['DATABASE_URL', 'MACHIKOE_SMTP_URL', 'MACHIKOE_TRUSTED_PROXIES']) delete env[name];
  return { ...env, LEPTOS_SITE_ROOT: siteFiles(template), MACHIKOE_DATA_DIR: data, MACHIKOE_RATE_LIMITS: 'off', ...extra };
}

/**
 * Fills a new data directory with the demonstration; the tests' servers start from copies of it. The program and the
 * site's files are copied as well, so that a build meanwhile doesn't mix old and new.
 */
export async function createTemplate(): Promise<string> {
  const template = mkdtempSync(join(tmpdir(), 'machikoe-e2e-'));
  try {
    cpSync(BINARY, program(template));
    cpSync(SITE, siteFiles(template), { recursive: true });
    mkdirSync(demonstration(template));
    const env = environment(template, demonstration(template));
    await promisify(execFile)(program(template), ['demo'], { cwd: ROOT, env, timeout: 120_000 });
  } catch (error) {
    rmSync(template, { recursive: true, force: true });
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`\`machikoe demo\` failed: ${error}\n${stdout}${stderr}`);
  }
  return template;
}

export interface Site {
  /** Scheme, host and port. */
  url: string;
  /** The data directory. */
  data: string;
  /** Runs a command of the server's administrator on the same data; gives what it prints. */
  command(...words: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a server of its own on a copy of the template, on a free port of the loopback. */
export async function startSite(template: string, settings: Record<string, string> = {}): Promise<Site> {
  const data = mkdtempSync(join(tmpdir(), 'machikoe-e2e-'));
  cpSync(demonstration(template), data, { recursive: true });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const log = join(data, 'server.log');
  const out = openSync(log, 'a');
  const child = spawn(program(template), ['serve'], {
    cwd: ROOT,
    env: environment(template, data, { MACHIKOE_ADDR: `127.0.0.1:${port}`, MACHIKOE_BASE_URL: url, ...settings }),
    stdio: ['ignore', out, out],
  });
  closeSync(out);
  const stop = async () => {
    await end(child);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await ready(`${url}/readyz`, child);
  } catch (error) {
    const text = readFileSync(log, 'utf8');
    await stop();
    throw new Error(`the server did not start: ${error}\n${text}`);
  }
  const command = async (...words: string[]) => {
    const running = promisify(execFile)(program(template), words, { cwd: ROOT, env: environment(template, data, { MACHIKOE_BASE_URL: url }), timeout: 30_000 });
    running.child.stdin?.end();
    return (await running).stdout;
  };
  return { url, data, command, stop };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function ready(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + 30_000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
    const ok = await fetch(url).then((r) => r.ok, () => false);
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} was not ready within 30 seconds`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 8_000);
  await gone;
  clearTimeout(timer);
}
