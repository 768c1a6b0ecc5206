// The house rules that clippy can't know, and the wording: every key in every language, every key used.
// Prints one line per finding, `file:line: what`, and exits with 1 when there is one.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { parse } = createRequire(join(root, 'end2end/package.json'))('yaml');

const findings = [];
const report = (file, line, text) => findings.push(`${file}:${line}: ${text}`);

// ---------------------------------------------------------------- files

const SKIPPED = new Set(['.git', 'target', 'node_modules', 'data', 'test-results', 'playwright-report', 'screenshots']);
function* walk(directory) {
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield relative(root, path);
  }
}
const files = [...walk(root)].sort();
const read = (file) => readFileSync(join(root, file), 'utf8');
const lineOf = (text, index) => text.slice(0, index).split('\n').length;

// ---------------------------------------------------------------- Rust, without its comments

/** Blanks comments (lines stay where they are) and collects the string literals. */
function scanRust(source) {
  let code = '';
  const strings = [];
  let i = 0;
  const blank = (text) => text.replace(/[^\n]/g, ' ');
  while (i < source.length) {
    const rest = source.slice(i, i + 300);
    if (rest.startsWith('//')) {
      const end = source.indexOf('\n', i);
      const stop = end < 0 ? source.length : end;
      code += blank(source.slice(i, stop));
      i = stop;
    } else if (rest.startsWith('/*')) {
      let depth = 1;
      let j = i + 2;
      while (j < source.length && depth > 0) {
        if (source.startsWith('/*', j)) [depth, j] = [depth + 1, j + 2];
        else if (source.startsWith('*/', j)) [depth, j] = [depth - 1, j + 2];
        else j += 1;
      }
      code += blank(source.slice(i, j));
      i = j;
    } else if (/^b?r#*"/.test(rest) && !/\w$/.test(code)) {
      const open = rest.match(/^b?r(#*)"/);
      const close = source.indexOf(`"${open[1]}`, i + open[0].length);
      const stop = close < 0 ? source.length : close + 1 + open[1].length;
      strings.push({ start: i, text: source.slice(i + open[0].length, close < 0 ? stop : close) });
      code += source.slice(i, stop);
      i = stop;
    } else if (source[i] === '"') {
      let j = i + 1;
      while (j < source.length && source[j] !== '"') j += source[j] === '\\' ? 2 : 1;
      strings.push({ start: i, text: source.slice(i + 1, j) });
      code += source.slice(i, j + 1);
      i = j + 1;
    } else if (/^'(\\(x[0-9a-fA-F]{2}|u\{[0-9a-fA-F_]+\}|.)|[^\\'])'/u.test(rest)) {
      const literal = rest.match(/^'(\\(x[0-9a-fA-F]{2}|u\{[0-9a-fA-F_]+\}|.)|[^\\'])'/u)[0];
      strings.push({ start: i, text: literal.slice(1, -1) });
      code += literal;
      i += literal.length;
    } else {
      code += source[i];
      i += 1;
    }
  }
  return { code, strings };
}

const rust = files
  .filter((file) => file.endsWith('.rs'))
  .map((file) => {
    const source = read(file);
    return { file, source, ...scanRust(source) };
  });

// ---------------------------------------------------------------- house rules

const inApp = (file) => file.startsWith('app/src/');
const rules = [
  {
    pattern: /<textarea/g,
    where: (file) => inApp(file) && file !== 'app/src/components/form.rs',
    why: 'Leptos does not escape the children of a textarea: use components::form::TextArea',
  },
  { pattern: /\bleptos_meta\b/g, where: () => true, why: 'leptos_meta does not escape <title>: the shell writes the head' },
  {
    pattern: /\bResource::new|\bSuspense\b|<Await\b/g,
    where: inApp,
    why: 'data is loaded before the view renders: no Resource, Suspense or Await',
  },
  {
    pattern: /\b(?:Utc|Local|SystemTime)::now\b/g,
    where: (file) => file !== 'server/src/clock.rs',
    why: 'time is a parameter: only server/src/clock.rs reads the clock',
  },
  {
    pattern: /\.begin(?:_with_\w+)?\(/g,
    where: (file) => file.startsWith('server/') && file !== 'server/src/database.rs',
    why: 'transactions begin in server/src/database.rs only (BEGIN IMMEDIATE on SQLite)',
  },
  { pattern: /\bstyle="/g, where: inApp, why: 'the content security policy forbids style attributes: use a class or a data attribute' },
  { pattern: /#!?\[allow\(/g, where: () => true, why: 'use #[expect(…, reason = "…")]' },
  { pattern: /\btodo!/g, where: () => true, why: 'not finished' },
];
for (const { file, code } of rust) {
  for (const { pattern, where, why } of rules) {
    if (!where(file)) continue;
    for (const hit of code.matchAll(pattern)) report(file, lineOf(code, hit.index), `${hit[0]}: ${why}`);
  }
}
for (const file of files.filter((f) => f.endsWith('Cargo.toml'))) {
  if (/\bleptos_meta\b/.test(read(file))) report(file, 1, 'leptos_meta does not escape <title>: the shell writes the head');
}

// The official table of a ward's view is Japanese in every language; everything else comes from locales/.
const JAPANESE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。「」『』]/u;
for (const { file, source, strings } of rust) {
  if (!inApp(file) || file === 'app/src/pages/responses.rs' || /(^|\/)tests(\.rs$|\/)/.test(file)) continue;
  const tests = source.indexOf('#[cfg(test)]');
  for (const { start, text } of strings) {
    if (tests >= 0 && start > tests) continue;
    if (JAPANESE.test(text)) report(file, lineOf(source, start), `"${text.slice(0, 30)}": visible words belong into app/locales`);
  }
}

// No place of one machine, no host of a registry: neither means anything elsewhere.
const TEXT = /\.(rs|toml|yml|yaml|json|md|sh|mjs|ts|js|css|html|txt|lua|svg)$|(^|\/)(Makefile|run|\.gitignore)$/;
const PLACES = /(?<![\w.~}-])\/(?:wor[k]|roo[t]|hom[e]\/\w+|User[s]\/\w+)(?=[\/"'\s)]|$)|(?:static\.|index\.)?crates[.]io\b(?!-)|registry[.]npmjs|pypi[.]org|deb[.]debian/g;
for (const file of files) {
  if (!TEXT.test(file) || /(Cargo|package-lock)\.(lock|json)$/.test(file)) continue;
  const text = read(file);
  for (const hit of text.matchAll(PLACES)) report(file, lineOf(text, hit.index), `"${hit[0]}": names a place that only some machine has`);
}

// ---------------------------------------------------------------- wording

const LOCALES = 'app/locales/';
const groups = new Map();
for (const file of files.filter((f) => f.startsWith(LOCALES) && f.endsWith('.yml'))) {
  const [, group, locale] = file.slice(LOCALES.length).match(/^(.+)\.([a-zA-Z-]+)\.yml$/) ?? [];
  if (!group) {
    report(file, 1, 'a wording file is called GROUP.LOCALE.yml');
    continue;
  }
  const words = new Map();
  const flatten = (node, prefix) => {
    for (const [name, value] of Object.entries(node ?? {})) {
      const key = prefix ? `${prefix}.${name}` : name;
      if (value !== null && typeof value === 'object') flatten(value, key);
      else if (typeof value !== 'string' || value === '') report(file, 1, `${key} is not a text: quote it`);
      else words.set(key, value);
    }
  };
  try {
    flatten(parse(read(file), { prettyErrors: true }), '');
  } catch (error) {
    report(file, 1, String(error.message).split('\n')[0]);
  }
  if (!groups.has(group)) groups.set(group, new Map());
  groups.get(group).set(locale, { file, words });
}

const placeholders = (text) => [...new Set([...text.matchAll(/%\{(\w+)\}/g)].map((m) => m[1]))].sort().join(', ');
const locales = new Set([...groups.values()].flatMap((g) => [...g.keys()]));
const japanese = new Map();
for (const [group, byLocale] of groups) {
  const ja = byLocale.get('ja');
  if (!ja) {
    report(`${LOCALES}${group}`, 1, 'has no Japanese file');
    continue;
  }
  for (const [key, text] of ja.words) {
    if (japanese.has(key)) report(ja.file, 1, `${key} is in ${japanese.get(key).file} as well`);
    japanese.set(key, { file: ja.file, text });
  }
  for (const locale of locales) {
    if (locale === 'ja') continue;
    const other = byLocale.get(locale);
    if (!other) {
      report(ja.file, 1, `has no ${group}.${locale}.yml`);
      continue;
    }
    for (const [key, text] of ja.words) {
      if (!other.words.has(key)) report(other.file, 1, `${key} is missing`);
      else if (placeholders(text) !== placeholders(other.words.get(key))) {
        report(other.file, 1, `${key} has the placeholders {${placeholders(other.words.get(key))}}, the Japanese {${placeholders(text)}}`);
      }
    }
    for (const key of other.words.keys()) if (!ja.words.has(key)) report(ja.file, 1, `${key} is missing, but in ${other.file}`);
  }
}

/** Splits the arguments that start behind an opening parenthesis; gives the top-level ones with their positions. */
function callArguments(code, strings, open) {
  const literal = new Map(strings.map((s) => [s.start, s]));
  const parts = [];
  let depth = 0;
  let from = open + 1;
  for (let i = open; i < code.length; i += 1) {
    if (literal.has(i) && code[i] !== "'") {
      const s = literal.get(i);
      i = code.indexOf('"', i) + s.text.length + 1;
      continue;
    }
    const c = code[i];
    if ('([{'.includes(c)) depth += 1;
    else if (')]}'.includes(c)) {
      depth -= 1;
      if (depth === 0) {
        if (code.slice(from, i).trim()) parts.push({ from, to: i });
        return parts;
      }
    } else if (c === ',' && depth === 1) {
      parts.push({ from, to: i });
      from = i + 1;
    }
  }
  return parts;
}

const used = new Set();
for (const { file, code, strings } of rust.filter((r) => inApp(r.file) || r.file.startsWith('server/src/'))) {
  for (const { text } of strings) if (japanese.has(text)) used.add(text);
  for (const hit of code.matchAll(/(?<![\w:])(?:rust_i18n::)?t!\s*\(/g)) {
    const line = lineOf(code, hit.index);
    if (code.slice(code.lastIndexOf('\n', hit.index) + 1, hit.index).includes('macro_rules')) continue;
    const [, key, ...values] = callArguments(code, strings, hit.index + hit[0].length - 1);
    if (!key) continue;
    const argument = code.slice(key.from, key.to);
    const literals = strings.filter((s) => s.start >= key.from && s.start < key.to).map((s) => s.text);
    const dynamic = /\bformat!|&?format_args!/.test(argument);
    const keyLike = literals.filter((text) => /^[a-z][\w-]*(\.[\w{}-]+)+$/.test(text));
    for (const text of keyLike) {
      if (dynamic && text.includes('{')) {
        const pattern = new RegExp(`^${text.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w*\}/g, '[^.]+')}$`);
        const matching = [...japanese.keys()].filter((k) => pattern.test(k));
        if (!matching.length) report(file, line, `no key fits "${text}"`);
        for (const k of matching) used.add(k);
      } else if (!japanese.has(text)) report(file, line, `there is no key "${text}" in app/locales`);
    }
    const given = values.map((v) => code.slice(v.from, v.to).match(/^\s*(\w+)\s*=/)?.[1]).filter(Boolean);
    for (const text of keyLike.filter((k) => japanese.has(k))) {
      const wanted = placeholders(japanese.get(text).text);
      if (given.sort().join(', ') !== wanted) report(file, line, `"${text}" wants {${wanted}}, is given {${given.join(', ')}}`);
    }
  }
}
for (const [key, { file }] of japanese) if (!used.has(key)) report(file, 1, `${key} is not used`);

// ---------------------------------------------------------------- result

if (findings.length) {
  console.log(findings.join('\n'));
  console.log(`${findings.length} findings`);
  process.exit(1);
}
console.log(`${rust.length} Rust files, ${japanese.size} texts in ${locales.size} languages: nothing to complain about`);
