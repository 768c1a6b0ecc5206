import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Reads the outbox; each mail is handed out once, so that a second code isn't taken for the first. */
export class Outbox {
  private readonly seen = new Set<string>();

  constructor(private readonly data: string) {}

  /** Waits for the newest unread mail to an address, optionally with some words in its subject. */
  async newest(address: string, subject = ''): Promise<Mail> {
    const until = Date.now() + 15_000;
    for (;;) {
      const found = this.unread().find(({ mail }) => mail.to.includes(address) && mail.subject.includes(subject));
      if (found) {
        this.seen.add(found.file);
        return found.mail;
      }
      if (Date.now() > until) {
        const there = this.unread().map(({ mail }) => `${mail.to}: ${mail.subject}`);
        throw new Error(`no mail to ${address} about "${subject}" within 15 seconds; unread: ${there.join(' | ') || 'none'}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private unread(): { file: string; mail: Mail }[] {
    const outbox = join(this.data, 'outbox');
    if (!existsSync(outbox)) return [];
    return readdirSync(outbox)
      .filter((name) => name.endsWith('.eml'))
      .map((name) => join(outbox, name))
      .filter((file) => !this.seen.has(file))
      .map((file) => ({ file, at: statSync(file).mtimeMs, mail: readMail(readFileSync(file, 'latin1')) }))
      .sort((a, b) => b.at - a.at || b.file.localeCompare(a.file));
  }
}

/** The confirmation code of a mail: six digits on their own. */
export function codeOf(mail: Mail): string {
  const code = mail.text.normalize('NFKC').match(/(?<![\d-])\d{6}(?![\d-])/)?.[0];
  if (!code) throw new Error(`no code in the mail "${mail.subject}":\n${mail.text}`);
  return code;
}

/** The first link of a mail that contains some text. */
export function linkOf(mail: Mail, part: string): string {
  const link = [...mail.text.matchAll(/https?:\/\/\S+/g)].map((m) => m[0]).find((l) => l.includes(part));
  if (!link) throw new Error(`no link with "${part}" in the mail "${mail.subject}":\n${mail.text}`);
  return link;
}

/** Parses what our server writes: text in UTF-8, as base64, quoted-printable or as it is, in one part or in several. */
export function readMail(raw: string): Mail {
  const { headers, body } = split(raw);
  return { to: words(headers.get('to') ?? ''), subject: words(headers.get('subject') ?? ''), text: textOf(headers, body) };
}

function split(raw: string): { headers: Map<string, string>; body: string } {
  const normal = raw.replace(/\r\n/g, '\n');
  const gap = normal.indexOf('\n\n');
  const head = (gap < 0 ? normal : normal.slice(0, gap)).replace(/\n[ \t]+/g, ' ');
  const headers = new Map(
    head.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { headers, body: gap < 0 ? '' : normal.slice(gap + 2) };
}

function textOf(headers: Map<string, string>, body: string): string {
  const type = headers.get('content-type') ?? 'text/plain';
  const boundary = type.match(/boundary="?([^";]+)"?/i)?.[1];
  if (boundary) {
    const parts = body.split(`--${boundary}`).slice(1, -1).map((part) => split(part.replace(/^\n/, '')));
    const plain = parts.find((p) => !/text\/html/i.test(p.headers.get('content-type') ?? '')) ?? parts[0];
    return plain ? textOf(plain.headers, plain.body) : '';
  }
  const coding = (headers.get('content-transfer-encoding') ?? '').toLowerCase();
  if (coding === 'base64') return Buffer.from(body, 'base64').toString('utf8').replace(/\r\n/g, '\n');
  const bytes = coding === 'quoted-printable' ? quotedPrintable(body.replace(/=\n/g, '')) : body;
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function quotedPrintable(text: string): string {
  return text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** RFC 2047 encoded words. */
function words(header: string): string {
  return header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, coding: string, text: string) => {
      const bytes = coding.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString('latin1') : quotedPrintable(text.replace(/_/g, ' '));
      return bytes;
    })
    .replace(/[\u0080-\u00ff]+/g, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));
}
