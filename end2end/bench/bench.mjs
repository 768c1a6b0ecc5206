// Measures the release server on loopback with a generated database and prints one table. Bounded: about five minutes.
import { execFile, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BINARY = join(ROOT, 'target/release/machikoe');
const SITE = join(ROOT, 'target/site');
const STATIC = 'bench-20k.txt';
const PROPOSALS = 1000;
const LIKES = 20_000;
const SECONDS = 8;
const WARM_UP = 2;
const CONNECTIONS = 16;
/** Rows of the imported tables: an ordinary theme, and one that hundreds of thousands wrote to. */
const FEW = 1000;
const MANY = 200_000;

const data = mkdtempSync(join(tmpdir(), 'machikoe-bench-'));
const port = await freePort();
const origin = `http://127.0.0.1:${port}`;
const env = { ...process.env, MACHIKOE_DATA_DIR: data, MACHIKOE_ADDR: `127.0.0.1:${port}`, MACHIKOE_BASE_URL: origin, MACHIKOE_RATE_LIMITS: 'off', RUST_LOG: 'warn' };
for (const name of ['DATABASE_URL', 'MACHIKOE_SMTP_URL', 'MACHIKOE_TRUSTED_PROXIES', 'LEPTOS_SITE_ROOT']) delete env[name];

let server;
const cleanUp = () => {
  if (server && server.exitCode === null) server.kill('SIGKILL');
  rmSync(join(SITE, STATIC), { force: true });
  rmSync(data, { recursive: true, force: true });
};
process.on('exit', cleanUp);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

// 1. The first start of a built tree: no database yet, until it says it is ready.
const firstStart = await start();
await stop();

// 2. The data: the demonstration, and one theme with many proposals and likes.
rmSync(data, { recursive: true, force: true });
await tool('demo');
const made = await tool('bench-data', '--proposals', String(PROPOSALS), '--likes', String(LIKES));
const { slug, proposal, sessions } = JSON.parse(made.slice(made.indexOf('{'), made.lastIndexOf('}') + 1));
writeFileSync(join(SITE, STATIC), `${'m'.repeat(79)}\n`.repeat(250));

// 3. One page after the other.
await start();
const idle = memory();
const theme = `/consultations/${slug}`;
const rows = [];
await measure('static file, 20 kB', `/${STATIC}`);
await measure('home', '/');
await measure('theme page', theme);
await measure('list of 100', `${theme}/proposals?per=100`);
await measure('one proposal', `${theme}/proposals/${proposal}`);
await measure('responses page', '/consultations/digital-houshin/responses');
await measure('like and unlike', `/proposals/${proposal}/like`, { script: 'likes.lua', BENCH_SESSIONS: sessions.join(' '), BENCH_PATH: `/proposals/${proposal}/like` });
const peak = Number(readFileSync(`/proc/${server.pid}/status`, 'utf8').match(/VmHWM:\s+(\d+)/)[1]) / 1024;
await stop();

// 4. Two tables of submissions, 96 % of them copies of 40 texts, imported by a process of its own; then the queues.
const few = await imported(FEW);
const many = await imported(MANY);
await start();
await measure(`queue of ${FEW}`, `/staff/consultations/${few.theme}/intake`, { session: few.session });
await measure(`queue of ${MANY}`, `/staff/consultations/${many.theme}/intake`, { session: many.session });
await stop();

// 5. The table.
const wasm = brotli('pkg/machikoe.wasm');
const script = brotli('pkg/machikoe.js');
const base = rows[0].rate;
const columns = ['', 'requests/s', 'p50 ms', 'p99 ms', 'body kB', 'RSS MB', 'of static'];
const table = rows.map((r) => [r.name, Math.round(r.rate), r.p50.toFixed(1), r.p99.toFixed(1), (r.bytes / 1000).toFixed(1), r.rss.toFixed(0), (r.rate / base).toFixed(3)].map(String));
const widths = columns.map((head, i) => Math.max(head.length, ...table.map((line) => line[i].length)));
const format = (line) => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
console.log(`\n${PROPOSALS} proposals, ${LIKES} likes; wrk -t1 -c${CONNECTIONS} for ${SECONDS} s each, on the same ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})\n`);
console.log(format(columns));
console.log(widths.map((w) => '-'.repeat(w)).join('  '));
for (const line of table) console.log(format(line));
console.log(`\nmemory: ${idle.toFixed(0)} MB after the start, ${peak.toFixed(0)} MB at the most; WebAssembly: ${wasm.toFixed(1)} kB brotli, its script ${script.toFixed(1)} kB; first start: ${firstStart} ms\n`);

const perSecond = many.rows / many.importSeconds;
console.log(
  `import of ${many.rows} rows (CSV, ${(many.fileBytes / 2 ** 20).toFixed(0)} MB): read ${many.uploadSeconds.toFixed(1)} s, dry run ${many.checkSeconds.toFixed(1)} s, ` +
    `import ${many.importSeconds.toFixed(1)} s (${Math.round(perSecond)} rows/s), of which grouping ${many.groupingSeconds.toFixed(1)} s; ` +
    `${many.grouped} submissions in ${many.groups} groups; memory ${many.peakMiB} MB at the most\n`,
);

const queue = (n) => rows.find((r) => r.name === `queue of ${n}`).p99;
const ratio = queue(MANY) / queue(FEW);
const list = rows.find((r) => r.name === 'list of 100').rate / base;
const aims = [
  ['list of 100 at least 0.08 of static', list >= 0.08, list.toFixed(3)],
  ['resident memory at most 60 MB', peak <= 60, `${peak.toFixed(0)} MB`],
  ['WebAssembly at most 150 kB brotli', wasm <= 150, `${wasm.toFixed(1)} kB`],
  [`import of ${MANY} rows within 300 MB`, many.peakMiB <= 300, `${many.peakMiB} MB`],
  [`queue of ${MANY} at most 1.5 times the p99 of ${FEW}`, ratio <= 1.5, ratio.toFixed(2)],
  ['first start below 1 s', firstStart < 1000, `${firstStart} ms`],
  ['no request refused or failed', rows.every((r) => r.failed === 0), `${rows.reduce((n, r) => n + r.failed, 0)} failed`],
];
for (const [aim, met, value] of aims) console.log(`${met ? 'met   ' : 'MISSED'}  ${aim}: ${value}`);
console.log('          (at most 8 SQL statements for any page: counted by the route tests)');
process.exit(0);

// ----------------------------------------------------------------

async function tool(...args) {
  return (await run(BINARY, args, { cwd: ROOT, env, maxBuffer: 1 << 24, timeout: 600_000 })).stdout;
}

async function imported(rows) {
  process.stdout.write(`importing: ${rows} rows\n`);
  const out = await tool('bench-data', '--import', String(rows));
  return JSON.parse(out.slice(out.indexOf('{'), out.lastIndexOf('}') + 1));
}

async function start() {
  const log = openSync(join(tmpdir(), `machikoe-bench-${port}.log`), 'w');
  const began = performance.now();
  server = spawn(BINARY, ['serve'], { cwd: ROOT, env, stdio: ['ignore', log, log] });
  closeSync(log);
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server stopped:\n${readFileSync(join(tmpdir(), `machikoe-bench-${port}.log`), 'utf8')}`);
    if (await fetch(`${origin}/readyz`).then((r) => r.ok, () => false)) return Math.round(performance.now() - began);
    if (performance.now() - began > 30_000) throw new Error('the server was not ready within 30 seconds');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function stop() {
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
  rmSync(join(tmpdir(), `machikoe-bench-${port}.log`), { force: true });
}

function memory() {
  return Number(readFileSync(`/proc/${server.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]) / 1024;
}

async function measure(name, path, { script, session, ...extra } = {}) {
  process.stdout.write(`measuring: ${name}\n`);
  let bytes = 0;
  if (!script) {
    const cookie = session ? { cookie: `session=${session}` } : {};
    const response = await fetch(origin + path, { headers: { 'accept-encoding': 'identity', ...cookie }, redirect: 'manual' });
    bytes = (await response.arrayBuffer()).byteLength;
    if (response.status !== 200) throw new Error(`${path} answers ${response.status}`);
  }
  const wrk = async (seconds) => {
    const args = ['-t1', `-c${CONNECTIONS}`, `-d${seconds}s`, '--latency', '--timeout', '10s'];
    if (session) args.push('-H', `Cookie: session=${session}`);
    if (script) args.push('-s', join(ROOT, 'end2end/bench', script));
    const { stdout } = await run('wrk', [...args, origin + path], { env: { ...process.env, BENCH_ORIGIN: origin, ...extra }, timeout: (seconds + 30) * 1000 });
    return stdout;
  };
  await wrk(WARM_UP);
  const text = await wrk(SECONDS);
  const number = (pattern) => Number(text.match(pattern)?.[1] ?? 0);
  const ms = (percent) => {
    const [, value, unit] = text.match(new RegExp(`^\\s+${percent}%\\s+([\\d.]+)(us|ms|s|m)`, 'm')) ?? [];
    return Number(value) * { us: 0.001, ms: 1, s: 1000, m: 60_000 }[unit];
  };
  const failed = number(/Non-2xx or 3xx responses: (\d+)/) + [...(text.match(/Socket errors: (.*)/)?.[1] ?? '').matchAll(/\d+/g)].reduce((n, m) => n + Number(m[0]), 0);
  rows.push({ name, bytes, rate: number(/Requests\/sec:\s+([\d.]+)/), p50: ms(50), p99: ms(99), rss: memory(), failed });
}

function brotli(file) {
  const bytes = readFileSync(join(SITE, file));
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length / 1000;
}

async function freePort() {
  const listener = createServer();
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  return port;
}
