import { isUtf8 } from 'node:buffer';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables of a `.env` file. A line that cannot be read is skipped.
 *
 * A variable whose name begins with `CODEX_`, or whose value contains a NUL, is left out.
 *
 * @param environment the values of `$NAME`, as far as the lines above it do not set another
 */
export function variablesFromDotEnv(bytes: Buffer, environment: Variables): Record<string, string> {
  let length = 0;
  const variables = new Map<string, string>();
  const leftOut = new Map<string, string>();
  const valueOf = (name: string): string => {
    const outer = Object.hasOwn(environment, name) ? environment[name] : undefined;
    return variables.get(name) ?? outer ?? leftOut.get(name) ?? '';
  };
  for (const line of logicalLines(bytes)) {
    const [, name, text = ''] = assignment.exec(line) ?? [];
    const value = readValue(text, valueOf);
    if (name === undefined || value === undefined || value.includes('\0')) continue;
    length += value.length;
    if (length > maxLength) break;
    (/^codex_/i.test(name) ? leftOut : variables).set(name, value);
  }
  return Object.fromEntries(variables);
}

/** Of all values together: values that repeat each other can grow without bound. */
const maxLength = 64 * 1024 * 1024;

/** White space as Unicode defines it. A byte order mark is none, so it spoils its line. */
const assignment =
  /^\p{White_Space}*(?:export\p{White_Space}+)?([A-Za-z_][A-Za-z0-9_.]*)\p{White_Space}*=\p{White_Space}*(?:#.*|(.*))$/su;

/**
 * Returns the lines without comments at their ends. A quote that is open at the end of a line continues it on the next
 * one; if it is never closed, the line and all lines after it are lost. A line that is not UTF-8 is lost.
 */
function logicalLines(bytes: Buffer): string[] {
  const lines: string[] = [];
  let open: { text: string; quote: Quote } = { text: '', quote: '' };
  for (const line of physicalLines(bytes)) {
    if (line === undefined) {
      open = { text: '', quote: '' };
      continue;
    }
    const { end, quote } = scanLine(line, open.quote);
    const text = open.text + line.slice(0, end);
    if (quote === '' && text !== '') lines.push(withoutEnd(text));
    open = quote === '' ? { text: '', quote } : { text: `${text}\n`, quote };
  }
  return lines;
}

type Quote = '' | '"' | "'";

/** Returns the lines without their `\n`; undefined for one that is not UTF-8. */
function physicalLines(bytes: Buffer): (string | undefined)[] {
  if (isUtf8(bytes)) return bytes.toString('utf8').split('\n');
  return bytes
    .toString('latin1')
    .split('\n')
    .map((line) => Buffer.from(line, 'latin1'))
    .map((line) => (isUtf8(line) ? line.toString('utf8') : undefined));
}

/** Removes white space from the end. A regular expression would take quadratic time. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && whiteSpace.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const whiteSpace = /\p{White_Space}/u;

/** Returns where the line ends, or its comment begins, and the quote that is open there. */
function scanLine(line: string, openQuote: Quote): { end: number; quote: Quote } {
  let quote = openQuote;
  if (quote === '' && line.startsWith('#')) return { end: 0, quote };
  for (const { 0: token, index } of line.matchAll(/\\.?|["']|(?<=^|\p{White_Space})#/gsu)) {
    if (token === '#' && quote === '') return { end: index, quote };
    if (token === '"' || token === "'") {
      if (quote === '') quote = token;
      else if (quote === token) quote = '';
    }
  }
  return { end: line.length, quote };
}

const reference = String.raw`\$\{(?<block>[^}]*)\}|\$(?!\{)(?<name>[\p{Alphabetic}\p{N}]*)(?<next>[^$]?)`;
const escape = String.raw`\\(?<escaped>[\\'"$ n]|$)`;
const bareToken = new RegExp(
  String.raw`${reference}|${escape}|(?<quote>")|'(?<literal>[^']*)'|(?<plain>[^\\$'" \t]+)|[ \t]+(?:#.*)?$`,
  'suy',
);
const quotedToken = new RegExp(String.raw`${reference}|${escape}|(?<quote>")|(?<plain>[^\\$"]+)`, 'suy');

/**
 * Reads the text after `=`. Returns undefined if it cannot be read.
 *
 * After `$NAME` the next character is taken as it is, even a quote.
 */
function readValue(text: string, valueOf: (name: string) => string): string | undefined {
  let value = '';
  let isQuoted = false;
  for (let at = 0; at < text.length;) {
    const token = isQuoted ? quotedToken : bareToken;
    token.lastIndex = at;
    const groups: Partial<Record<string, string>> | undefined = token.exec(text)?.groups;
    if (!groups) return undefined;
    at = token.lastIndex;
    const { block, name = block, next = '', escaped = '', quote, literal = '', plain = '' } = groups;
    if (quote) isQuoted = !isQuoted;
    value += name === undefined ? '' : valueOf(name) + next;
    value += escaped === 'n' ? '\n' : escaped;
    value += literal + plain;
  }
  return isQuoted ? undefined : value;
}
