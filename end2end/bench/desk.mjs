// What `make bench` measures of the response desk besides its pages: the documents, publishing, the streamed export.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export const FORMATS = ['pdf', 'docx', 'xlsx', 'csv', 'txt', 'json', 'html'];
/** How often a child of a process is looked at; what it needs in its last moments may be missed for so many ms. */
const LOOK = 10;
const NEW_LINE = 10;

/** The most memory a process has had so far, in MB; `undefined` when it is gone. */
export function peakOf(pid) {
  try {
    const kib = readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmHWM:\s+(\d+)/m)?.[1];
    return kib === undefined ? undefined : Number(kib) / 1024;
  } catch {
    return undefined;
  }
}

/** The processes that a process has started and that are still there. */
function childrenOf(pid) {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      // The command may hold anything, brackets and spaces too; what follows it doesn't.
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
    } catch {
      return false;
    }
  });
}

/**
 * Makes one document in a process of its own, which waits until its memory was looked at: time in ms, size in bytes,
 * peak memory in MB of the process and of the one it starts for a PDF.
 */
export async function makeDocument(binary, options, rows, format) {
  process.stdout.write(`making: ${format} of ${rows} rows\n`);
  const args = ['bench-documents', '--rows', String(rows), '--format', format, '--wait'];
  const made = spawn(binary, args, { ...options, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve, reject) => {
    made.once('error', reject);
    made.once('exit', (code) => resolve(code));
  });
  let childPeak;
  const look = setInterval(() => {
    for (const child of childrenOf(made.pid)) childPeak = Math.max(childPeak ?? 0, peakOf(child) ?? 0);
  }, LOOK);
  if (format !== 'pdf') clearInterval(look);
  try {
    let out = '';
    for await (const piece of made.stdout.setEncoding('utf8')) {
      out += piece;
      if (out.includes('\n')) break;
    }
    const line = out.split('\n').find((text) => text.startsWith('{'));
    if (line === undefined) throw new Error(`bench-documents --format ${format} ended with ${await ended} and said: ${out}`);
    const peak = peakOf(made.pid);
    made.stdin.end();
    const code = await ended;
    if (code !== 0) throw new Error(`bench-documents --format ${format} ended with ${code}`);
    const document = { ...JSON.parse(line), peak, childPeak };
    if (document.rows !== rows) throw new Error(`bench-documents made ${document.rows} rows instead of ${rows}`);
    return document;
  } finally {
    clearInterval(look);
    if (made.exitCode === null) made.kill('SIGKILL');
  }
}

const cookie = (session) => ({ cookie: `session=${session}` });

/** Asks for a page or a file and reads all of it; time in ms. */
async function ask(origin, path, session) {
  const began = performance.now();
  const response = await fetch(origin + path, { headers: session ? cookie(session) : {}, redirect: 'manual' });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, ms: performance.now() - began, body };
}

/** The same for what has to be there. */
async function get(origin, path, session) {
  const answer = await ask(origin, path, session);
  if (answer.status !== 200) throw new Error(`${path} answers ${answer.status} instead of 200`);
  return answer;
}

/** Sends a form; time in ms. A form that is refused would answer 422. */
async function post(origin, path, session, fields) {
  const began = performance.now();
  const response = await fetch(origin + path, {
    method: 'POST',
    headers: { ...cookie(session), origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
    redirect: 'manual',
  });
  const body = await response.text();
  if (response.status !== 303) {
    const words = body.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
    throw new Error(`POST ${path} answers ${response.status} instead of 303: ${words.slice(0, 600)}`);
  }
  return performance.now() - began;
}

/**
 * Takes a desk all the way to the public as three people do it, and looks at what is public then. Times in ms, in order:
 * the page before 起案, the four steps, and the PDF when it is asked for the first and the second time.
 */
export async function publish(origin, desk) {
  process.stdout.write(`publishing: ${desk.rows} rows\n`);
  const base = `/staff/consultations/${desk.theme}`;
  const page = async (session) => get(origin, `${base}/approval`, session);
  const times = [['page with the checks', (await page(desk.clerk)).ms]];
  times.push(['起案 (put up)', await post(origin, `${base}/approval`, desk.clerk, { note: '計測' })]);
  const put = await page(desk.checker);
  const approval = put.body.toString().match(new RegExp(`${base}/approval/(\\d+)["/]`))?.[1];
  if (approval === undefined) throw new Error(`${base}/approval names no table that was put up`);
  times.push(['page with what was put up', put.ms]);
  const decide = (session, step) => post(origin, `${base}/approval/${approval}`, session, { act: 'approve', step, comment: '' });
  times.push(['確認 (confirm)', await decide(desk.checker, '1')]);
  times.push(['決裁 (decide)', await decide(desk.approver, '2')]);
  times.push(['公表 (publish)', await post(origin, `${base}/responses/publish`, desk.approver, { when: 'now', at_date: '', at_time: '' })]);
  const out = `/consultations/${desk.slug}/responses`;
  const table = JSON.parse((await get(origin, `${out}.json`)).body.toString());
  const counted = table.rows.reduce((sum, row) => sum + row.same_count, 0);
  for (const [what, found, wanted] of [
    ['rows', table.rows.length, desk.rows],
    ['opinions', table.counts.opinions, desk.opinions],
    ['opinions in rows', counted, desk.opinions],
  ]) {
    if (found !== wanted) throw new Error(`${out}.json has ${found} ${what} instead of ${wanted}`);
  }
  for (const time of ['first', 'second']) {
    const pdf = await ask(origin, `${out}.pdf`);
    if (pdf.status === 503) {
      // Time or memory did not suffice, and it is said on a page: a measurement like others.
      times.push(['PDF could not be made (503)', pdf.ms]);
      break;
    }
    if (pdf.status !== 200 || !pdf.body.subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new Error(`${out}.pdf answers ${pdf.status} and no PDF`);
    times.push([`PDF, asked for the ${time} time`, pdf.ms]);
  }
  return times;
}

/** Reads a file of all opinions to the end, counting its lines: seconds, bytes, lines. */
export async function readLines(origin, path, session) {
  process.stdout.write(`reading: ${path}\n`);
  const began = performance.now();
  const response = await fetch(origin + path, { headers: { ...cookie(session), 'accept-encoding': 'identity' }, redirect: 'manual' });
  if (response.status !== 200) throw new Error(`${path} answers ${response.status}`);
  let [bytes, lines, last] = [0, 0, 0];
  for await (const piece of response.body) {
    bytes += piece.length;
    last = piece.at(-1) ?? last;
    for (let at = piece.indexOf(NEW_LINE); at >= 0; at = piece.indexOf(NEW_LINE, at + 1)) lines += 1;
  }
  if (last !== NEW_LINE) throw new Error(`${path} doesn't end with a line`);
  return { seconds: (performance.now() - began) / 1000, bytes, lines };
}
