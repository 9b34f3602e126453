import { tmpdir } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'fast-string-width';
import { expect, test } from 'vitest';
import { createDevHome } from '../../../../src/dev-backend/home.js';
import type { ScenarioName } from '../../../../src/dev-backend/account/scenarios.js';
import { type DevBackend, startDevBackend } from '../../../../src/dev-backend/server.js';
import { systemClock } from '../../../../src/util/clock.js';
import { hasTerminals, startOnTerminal, type Terminal } from '../../../support/processes/terminal.js';

const onTerminal = test.skipIf(!hasTerminals);
const leave = '\u001b[?25h\u001b[?1049l';

interface Fixture {
  readonly backend: DevBackend;
  usage(args: readonly string[], columns?: number, environment?: NodeJS.ProcessEnv): Terminal;
}

/** Calls `act` with `usage` on a terminal and the embedded backend, whose clock may be ahead of ours. */
async function withTerminal(
  { scenario = 'fresh', aheadMs = 0 }: { scenario?: ScenarioName; aheadMs?: number },
  act: (fixture: Fixture) => Promise<void>,
): Promise<void> {
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  const backend = await startDevBackend({ scenario, clock });
  const home = createDevHome({ backendUrl: backend.url });
  const environment = { HOME: tmpdir(), CODEX_HOME: home.path, TZ: 'UTC', LANG: 'C.UTF-8' };
  const started: Terminal[] = [];
  try {
    await act({
      backend,
      usage(args, columns = 80, others = {}) {
        const options = { environment: { ...environment, ...others }, columns };
        const terminal = startOnTerminal(['usage', ...args], options);
        started.push(terminal);
        return terminal;
      },
    });
  } finally {
    for (const terminal of started) terminal.hangUp();
    await Promise.all(started.map(({ ended }) => ended));
    await backend.close();
    home.remove();
  }
}

/** Holds every request for the usage. Resolves when there is one. */
function hang(backend: DevBackend): Promise<void> {
  return new Promise((resolve) => {
    backend.script('usage', () => {
      resolve();
      return 'handled';
    });
  });
}

onTerminal('a terminal that is closed while the backend hangs ends it at once', () =>
  withTerminal({}, async ({ backend, usage }) => {
    const asked = hang(backend);
    const terminal = usage([]);
    await asked;
    terminal.hangUp();
    expect(await terminal.ended).toEqual({ status: 'SIGHUP', stderr: '', isRestored: null });
  }),
);

onTerminal('a watch whose terminal is closed exits with the code of the last values', () =>
  withTerminal({ scenario: 'at-limit' }, async ({ usage }) => {
    const terminal = usage(['--watch']);
    await terminal.until(/just now/);
    terminal.hangUp();
    expect(await terminal.ended).toEqual({ status: 3, stderr: '', isRestored: null });
  }),
);

onTerminal('Ctrl-C while the backend hangs ends it at once, by SIGINT', () =>
  withTerminal({}, async ({ backend, usage }) => {
    const asked = hang(backend);
    const terminal = usage([]);
    await asked;
    terminal.type('\u0003');
    expect(await terminal.ended).toEqual({ status: 'SIGINT', stderr: '', isRestored: true });
  }),
);

const ways: readonly [string, (terminal: Terminal) => void][] = [
  ['Ctrl-C', (terminal) => terminal.type('\u0003')],
  ['SIGTERM', (terminal) => terminal.signal('SIGTERM')],
  ['the key q', (terminal) => terminal.type('q')],
  ['Ctrl-D', (terminal) => terminal.type('\u0004')],
];

test.skipIf(!hasTerminals).each(ways)('a watch that %s ends restores the terminal', (_name, end) =>
  withTerminal({ scenario: 'at-limit' }, async ({ usage }) => {
    const terminal = usage(['--watch']);
    await terminal.until(/just now/);
    end(terminal);
    expect(await terminal.ended).toEqual({ status: 3, stderr: '', isRestored: true });
    const [, last = ''] = terminal.written().split(leave);
    expect(stripVTControlCharacters(last)).toMatch(
      /^● Blocked until .*: the rate limit is reached \(week\) · plan pro\r\n/,
    );
    expect(last).not.toContain('\u001b[?');
  }),
);

onTerminal('a watch follows the size of its terminal', () =>
  withTerminal({}, async ({ usage }) => {
    const terminal = usage(['--watch']);
    await terminal.until(/5 hours {2}.* 0 % used {2}resets .*just now/s);
    terminal.resize(30, 20);
    await terminal.until(/5 hours {14} 0 % used\r\n/);
    terminal.type('\u0003');
    expect(await terminal.ended).toMatchObject({ status: 0, stderr: '' });
  }),
);

onTerminal('no line is wider than a terminal of 20 columns', () =>
  withTerminal({ scenario: 'blocked' }, async ({ usage }) => {
    const terminal = usage([], 20);
    expect(await terminal.ended).toEqual({ status: 3, stderr: '', isRestored: true });
    const lines = stripVTControlCharacters(terminal.written()).split('\r\n');
    expect(lines.filter((line) => stringWidth(line) > 20)).toEqual([]);
    expect(lines).toContain('5 hours    40 % used');
  }),
);

onTerminal('TERM=dumb gets no escape sequences', () =>
  withTerminal({}, async ({ usage }) => {
    const terminal = usage(['--watch'], 80, { TERM: 'dumb', LANG: 'C' });
    await terminal.until(/just now/);
    terminal.type('\u0003');
    expect(await terminal.ended).toMatchObject({ status: 0, stderr: '' });
    expect(terminal.written()).toMatch(/^Allowed - plan pro\r\n[\r\n -~]*\r\n(?:\^C)?$/);
  }),
);

onTerminal('without UTF-8 the text before the first read is ASCII', () =>
  withTerminal({}, async ({ backend, usage }) => {
    const asked = hang(backend);
    const terminal = usage(['--watch'], 80, { LANG: 'C' });
    await asked;
    await terminal.until(/Reading \.\.\./);
    terminal.type('\u0003');
    await terminal.ended;
    expect(terminal.written()).not.toMatch(/[^\u0000-~]/);
  }),
);

onTerminal('reset times that do not fit the clock of this machine get a warning', () =>
  withTerminal({ scenario: 'at-limit', aheadMs: 3 * 86_400_000 }, async ({ usage }) => {
    const terminal = usage([]);
    expect(await terminal.ended).toMatchObject({ status: 3, stderr: '' });
    expect(stripVTControlCharacters(terminal.written())).toMatch(
      /The reset times do not fit the clock of this machine/,
    );
  }),
);
