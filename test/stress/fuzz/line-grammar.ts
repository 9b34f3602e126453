import {
  below,
  blank,
  jsonText,
  numberText,
  objectText,
  pick,
  type Random,
  stringText,
} from './json-text.js';
import { methodText, paramsText } from './method-grammar.js';

/** Creates the bytes of one message: most are requests, some wrong, some damaged, and some are not messages. */
export function createMessage(random: Random): Buffer {
  const roll = random();
  if (roll < 0.7) return Buffer.from(envelopeText(random));
  if (roll < 0.8) return spoiled(random, Buffer.from(envelopeText(random)));
  if (roll < 0.85) return Buffer.from(Array.from({ length: below(random, 60) }, () => rawByte(random)));
  return Buffer.from(oddText(random));
}

function envelopeText(random: Random): string {
  const method = methodText(random);
  const members: [string, string][] = [];
  const maybe = (chance: number, key: string, value: () => string): void => {
    if (random() < chance) members.push([key, value()]);
  };
  maybe(0.92, '"id"', () => idText(random));
  maybe(0.97, random() < 0.01 ? '"\\u006dethod"' : '"method"', () => method);
  maybe(0.8, '"params"', () => paramsText(random, method));
  maybe(0.5, '"jsonrpc"', () => pick(random, ['"2.0"', '"1.0"', '2', 'null', jsonText(random)]));
  maybe(0.05, '"trace"', () => traceText(random));
  maybe(0.05, stringText(random), () => jsonText(random));
  maybe(0.01, '"id"', () => idText(random));
  maybe(0.01, '"method"', () => method);
  maybe(0.03, '"result"', () => jsonText(random));
  maybe(0.03, '"error"', () => jsonText(random));
  return objectText(random, shuffled(random, members));
}

function idText(random: Random): string {
  return pick(random, [
    () => String(below(random, 1_000_000)),
    () => String(below(random, 1_000_000)),
    () => `"request-${below(random, 1_000_000)}"`,
    () => stringText(random),
    () => numberText(random),
    () => (random() < 0.5 ? jsonText(random) : '""'),
  ])();
}

function traceText(random: Random): string {
  const text = pick(random, [() => stringText(random), () => 'null', () => jsonText(random)]);
  return pick(random, [
    () => objectText(random, [['"traceparent"', text()], ['"tracestate"', text()]]), // prettier-ignore
    () => 'null',
    () => jsonText(random),
  ])();
}

function oddText(random: Random): string {
  const envelope = (): string => envelopeText(random);
  return pick(random, [
    () => blank(random),
    () => jsonText(random),
    () => `[${envelope()},${envelope()}]`,
    () => envelope() + blank(random) + envelope(),
    () => `\ufeff${envelope()}`,
    () => `\u00a0${envelope()}`,
    () => `\r${envelope()}\r\r`,
    () => envelope().replace(/\}$/, ',}'),
    () => envelope().slice(0, below(random, 40)),
    () => `${envelope()} // comment`,
    () => `Content-Length: ${below(random, 100)}\r`,
    () => deepRequest(random),
  ])();
}

/** Creates a value around the limit of 127 levels, or far beyond it. */
function deepRequest(random: Random): string {
  const depth = random() < 0.05 ? below(random, 20_000) : 120 + below(random, 12);
  return `{"id":${below(random, 1000)},"method":"account/read","params":{"a":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
}

/** Changes, adds, removes or repeats a few bytes. */
function spoiled(random: Random, bytes: Buffer): Buffer {
  let all = [...bytes];
  for (let count = 1 + below(random, 3); count > 0; count -= 1) {
    const at = below(random, all.length);
    const length = 1 + below(random, 4);
    all = pick(random, [
      () => [...all.slice(0, at), rawByte(random), ...all.slice(at + 1)],
      () => [...all.slice(0, at), rawByte(random), ...all.slice(at)],
      () => [...all.slice(0, at), ...all.slice(at + length)],
      () => [...all.slice(0, at + length), ...all.slice(at)],
      () => all.slice(0, at),
    ])();
  }
  return Buffer.from(all);
}

function rawByte(random: Random): number {
  return random() < 0.5 ? below(random, 256) : pick(random, syntaxBytes);
}

const syntaxBytes = [...Buffer.from('{}[]",:\\0aeu \t\r')];

function shuffled<T>(random: Random, values: readonly T[]): T[] {
  return values
    .map((value) => [random(), value] as const)
    .sort(([one], [other]) => one - other)
    .map(([, value]) => value);
}
