import stringWidth from 'fast-string-width';
import { expect, test } from 'vitest';
import { keys, withRedeem } from './fixture.js';
import { hasTerminals } from '../../support/processes/terminal.js';

const listed = /Reset credits: \d\r?\n[^]*confirm/;

test('with --json the dialog goes to stderr, and only the JSON to stdout', () =>
  withRedeem({}, async ({ startDialog }) => {
    const own = startDialog(['--json'], { columns: 80 });
    await own.stderr.until(listed);
    own.type(keys.ctrlC);
    expect(await own.exitCode).toBe(3);
    expect(JSON.parse(own.stdout.text())).toMatchObject({ spent: 'no', error: { kind: 'declined' } });
  }));

test.each([40, 20])('no line is wider than %i columns, and without UTF-8 everything is ASCII', (columns) =>
  withRedeem({ scenario: 'blocked' }, async ({ startDialog }) => {
    const own = startDialog([], { columns, environment: { LANG: 'C' } });
    await own.stdout.until(listed);
    own.type(keys.enter);
    await own.stdout.until(/Redeem it now\?\n[^]*No/);
    own.type('y');
    expect(await own.exitCode).toBe(0);
    const lines = own.shown().split('\n');
    expect(lines.filter((line) => stringWidth(line.trimEnd()) > columns)).toEqual([]);
    expect(own.stdout.text()).not.toMatch(/[^\u0000-\u007e]/);
  }),
);

test.skipIf(!hasTerminals)('in a narrow terminal the lines of an option are full', () =>
  withRedeem({ scenario: 'at-limit' }, async ({ terminal }) => {
    const own = terminal([], { NO_COLOR: undefined }, 44);
    await own.until(/● Bonus reset, expires \w[^\n]*\n│  \w[^\n]* h\r?\n│  ○[^]*confirm/);
    own.type(keys.escape);
    await own.left;
  }),
);

test('a terminal without escape sequences gets questions line by line', () =>
  withRedeem({ scenario: 'one-window' }, async ({ startDialog, used }) => {
    const own = startDialog([], { columns: 80, environment: { TERM: 'dumb', LANG: 'C' } });
    await own.stdout.until(/Number: $/);
    own.type('7\n');
    await own.stdout.until(/Number: Number: $/);
    own.type('1\n');
    await own.stdout.until(/Redeem it now\? \(yes or no\) \[no\]: $/);
    own.type('yes\n');
    expect([await own.exitCode, used()]).toEqual([0, ['credit-1']]);
    expect(own.stdout.text()).toMatch(/^Redeem a credit\n[\n -~]*$/);
  }));

test.skipIf(!hasTerminals).each([
  ['1', false],
  ['', true],
])('NO_COLOR=%s', (NO_COLOR, hasColour) =>
  withRedeem({}, async ({ terminal }) => {
    const own = terminal([], { NO_COLOR });
    await own.until(listed);
    own.type(keys.escape);
    expect(await own.left).toBe(3);
    expect(/\u001b\[\d+m/.test(own.written())).toBe(hasColour);
  }),
);
