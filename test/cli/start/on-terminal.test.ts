import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { hasTerminals, startOnTerminal } from '../../support/processes/terminal.js';

const onTerminal = test.skipIf(!hasTerminals);
const environment = { HOME: tmpdir(), CODEX_HOME: tmpdir() };

onTerminal.each([[[]], [['--nope']]])(
  '%j on a terminal prints the help, and starts no server',
  async (args) => {
    const terminal = startOnTerminal(args, { environment });
    const { status, stderr } = await terminal.ended;
    expect([status, terminal.written()]).toEqual([2, '']);
    expect(stderr).toMatch(/^codex-account-server [^]*Usage: codex-account-server /);
  },
);

onTerminal.each([[['app-server']], [['--read-only']], [['app-server', '--nope']]])(
  '%j on a terminal serves, and says so in one line',
  async (args) => {
    const terminal = startOnTerminal(args, { environment });
    terminal.type('{"id":1,"method":"initialize","params":{"clientInfo":{"name":"n","version":"1"}}}\n');
    await terminal.until(/"id":1,"result"|"result".*"id":1/);
    terminal.type('\u0004');
    const { status, stderr } = await terminal.ended;
    expect(status).toBe(0);
    expect(stderr.split('\n')[0]).toBe(
      'Serving JSON-RPC on stdin and stdout until Ctrl-D. For people: --help',
    );
  },
);
