// Measures the release server on loopback with a generated database and prints tables. Bounded: about twelve minutes.
import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { FORMATS, makeDocument, peakOf, publish, readLines } from './desk.mjs';

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
/** Response desks: an ordinary one, and one as large as there are. */
const SMALL = { items: 2400, rows: 600 };
const LARGE = { items: 20_000, rows: 5000 };
/** Most memory of the server while it writes MANY opinions as a file, in MB. */
const EXPORT_MB = 150;

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
const peak = peakOf(server.pid);
await stop();

// 4. Two tables of submissions, 96 % of them copies of 40 texts, imported by a process of its own; then the queues.
const few = await imported(FEW);
const many = await imported(MANY);
await start();
await measure(`queue of ${FEW}`, `/staff/consultations/${few.theme}/intake`, { session: few.session });
await measure(`queue of ${MANY}`, `/staff/consultations/${many.theme}/intake`, { session: many.session });
await stop();

// 5. Response desks: their pages, publishing the large one, and what the public sees then.
const small = await desk(SMALL.items, SMALL.rows);
const large = await desk(LARGE.items, LARGE.rows);
const views = [
  // Nothing is left to be put into its place: all opinions are looked at, and none is shown.
  ['', ''],
  [', all opinions', '?placed=any'],
  [', filtered', '?placed=any&channel=post'],
  // Few say so: all opinions are looked at.
  [', searched', `?placed=any&q=${encodeURIComponent('8丁目に60年住み')}`],
];
await start();
for (const { items, theme: id, clerk } of [small, large]) {
  for (const [what, query] of views) {
    await measure(`desk of ${items}${what}`, `/staff/consultations/${id}/responses${query}`, { session: clerk });
  }
}
const steps = await publish(origin, large);
const mailed = await mailsSent();
await measure(`published ${LARGE.rows} rows, first chapter`, `/consultations/${large.slug}/responses`);
await stop();

// 6. Documents of a table in memory, each in a process of its own.
const documents = [];
for (const count of [SMALL.rows, LARGE.rows]) {
  for (const format of FORMATS) documents.push(await makeDocument(BINARY, { cwd: ROOT, env }, count, format));
}

// 7. Every opinion as a file, written while it is read.
const all = await desk(MANY, LARGE.rows);
const exports = [];
// Besides the opinions: the headings of a CSV file, the brackets of a JSON file.
for (const [format, more] of [['csv', 1], ['json', 2]]) {
  await start();
  const before = memory();
  const read = await readLines(origin, `/staff/consultations/${all.theme}/responses/items.${format}`, all.clerk);
  if (read.lines !== MANY + more) throw new Error(`items.${format} has ${read.lines} lines instead of ${MANY + more}`);
  exports.push({ format, before, peak: peakOf(server.pid), ...read });
  await stop();
}

// 8. The tables.
const wasm = brotli('pkg/machikoe.wasm');
const script = brotli('pkg/machikoe.js');
const base = rows[0].rate;
const columns = ['', 'requests/s', 'p50 ms', 'p99 ms', 'body kB', 'RSS MB', 'of static'];
const lines = rows.map((r) => [r.name, Math.round(r.rate), r.p50.toFixed(1), r.p99.toFixed(1), (r.bytes / 1000).toFixed(1), r.rss.toFixed(0), (r.rate / base).toFixed(3)]);
console.log(`\n${PROPOSALS} proposals, ${LIKES} likes; wrk -t1 -c${CONNECTIONS} for ${SECONDS} s each, on the same ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})\n`);
print(columns, lines);
console.log(`\nmemory: ${idle.toFixed(0)} MB after the start, ${peak.toFixed(0)} MB at the most; WebAssembly: ${wasm.toFixed(1)} kB brotli, its script ${script.toFixed(1)} kB; first start: ${firstStart} ms\n`);

const perSecond = many.rows / many.importSeconds;
console.log(
  `import of ${many.rows} rows (CSV, ${(many.fileBytes / 2 ** 20).toFixed(0)} MB): read ${many.uploadSeconds.toFixed(1)} s, dry run ${many.checkSeconds.toFixed(1)} s, ` +
    `import ${many.importSeconds.toFixed(1)} s (${Math.round(perSecond)} rows/s), of which grouping ${many.groupingSeconds.toFixed(1)} s; ` +
    `${many.grouped} submissions in ${many.groups} groups; memory ${many.peakMiB} MB at the most\n`,
);

const p99 = (name) => rows.find((r) => r.name === name).p99;
console.log(`response desk of ${LARGE.items} opinions and ${LARGE.rows} rows, as multiples of the p99 of ${SMALL.items} opinions and ${SMALL.rows} rows:`);
for (const [what] of views) {
  console.log(`  desk${what}: ${(p99(`desk of ${LARGE.items}${what}`) / p99(`desk of ${SMALL.items}${what}`)).toFixed(2)}`);
}

console.log(`\npublishing ${large.opinions} opinions in ${large.rows} rows with ${large.answers} answers, one request after the other\n`);
print(['', 'ms'], steps.map(([name, ms]) => [name, ms.toFixed(0)]));
console.log(`\n${mailed} mails were sent besides`);

console.log('\ndocuments of a table in memory (peak: the whole process, the table included)\n');
const megabytes = (mb) => (mb === undefined ? '' : mb.toFixed(0));
const of = (d) => documents.find((small) => small.format === d.format && small.rows === SMALL.rows);
print(
  ['', 'rows', 'ms', 'size kB', 'peak MB', "child's peak MB", `of ${SMALL.rows} rows`],
  documents.map((d) => [
    d.error ? `${d.format}: ${d.error}` : d.format === 'html' ? 'html, first part' : d.format,
    d.rows,
    d.ms.toFixed(0),
    d.error ? '' : (d.bytes / 1000).toFixed(0),
    megabytes(d.peak),
    megabytes(d.childPeak),
    (d.ms / of(d).ms).toFixed(1),
  ]),
);

console.log(`\nevery opinion of ${MANY} as a file, written while it is read\n`);
print(
  ['', 's', 'opinions/s', 'MB', 'MB/s', 'RSS MB before', 'peak MB'],
  exports.map((e) => [`items.${e.format}`, e.seconds.toFixed(1), (MANY / e.seconds).toFixed(0), (e.bytes / 1e6).toFixed(0), (e.bytes / 1e6 / e.seconds).toFixed(1), e.before.toFixed(0), e.peak.toFixed(0)]),
);
console.log('');

const ratio = p99(`queue of ${MANY}`) / p99(`queue of ${FEW}`);
const exportPeak = Math.max(...exports.map((e) => e.peak));
const failed = documents.filter((d) => d.error);
const list = rows.find((r) => r.name === 'list of 100').rate / base;
const aims = [
  ['list of 100 at least 0.08 of static', list >= 0.08, list.toFixed(3)],
  ['resident memory at most 60 MB', peak <= 60, `${peak.toFixed(0)} MB`],
  ['WebAssembly at most 150 kB brotli', wasm <= 150, `${wasm.toFixed(1)} kB`],
  [`import of ${MANY} rows within 300 MB`, many.peakMiB <= 300, `${many.peakMiB} MB`],
  [`queue of ${MANY} at most 1.5 times the p99 of ${FEW}`, ratio <= 1.5, ratio.toFixed(2)],
  [`every document of ${SMALL.rows} and ${LARGE.rows} rows is made`, failed.length === 0, failed.map((d) => `${d.format} of ${d.rows}: ${d.error}`).join('; ') || 'all'],
  [`${MANY} opinions as a file within ${EXPORT_MB} MB`, exportPeak <= EXPORT_MB, `${exportPeak.toFixed(0)} MB`],
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

/** A public comment with a response desk that waits for its decision. */
async function desk(items, rows) {
  process.stdout.write(`loading: a response desk of ${items} opinions\n`);
  const out = await tool('bench-data', '--desk', '--items', String(items), '--rows', String(rows));
  return JSON.parse(out.slice(out.indexOf('{'), out.lastIndexOf('}') + 1));
}

/**
 * Waits until no more mails go out, three seconds long, so that they don't stand in the way of what is measured next;
 * gives their number.
 */
async function mailsSent() {
  const count = () => (existsSync(join(data, 'outbox')) ? readdirSync(join(data, 'outbox')).length : 0);
  let [sent, since] = [count(), performance.now()];
  for (const began = performance.now(); performance.now() - since < 3000; ) {
    if (performance.now() - began > 300_000) throw new Error('mails were still going out after five minutes');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const now = count();
    if (now !== sent) [sent, since] = [now, performance.now()];
  }
  return sent;
}

/** Prints a table; the first column is text. Japanese letters are as wide as two others. */
function print(columns, lines) {
  const wide = (text) => [...text].reduce((n, c) => n + (c.codePointAt(0) > 0x2e7f ? 2 : 1), 0);
  const cells = lines.map((line) => line.map(String));
  const widths = columns.map((head, i) => Math.max(...[head, ...cells.map((line) => line[i])].map(wide)));
  const format = (line) => line.map((cell, i) => {
    const space = ' '.repeat(widths[i] - wide(cell));
    return i === 0 ? cell + space : space + cell;
  }).join('  ');
  console.log(format(columns));
  console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  for (const line of cells) console.log(format(line));
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
