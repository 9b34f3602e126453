import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStandIns, type StandIns } from '../../support/processes/stand-in-codex.js';
import { hasTerminals, startOnTerminal } from '../../support/processes/terminal.js';

const onTerminal = test.skipIf(!hasTerminals);
let standIns: StandIns;

beforeAll(() => {
  standIns = createStandIns();
});
afterAll(() => standIns.remove());

function start(...lines: readonly string[]) {
  const screen = standIns.writeScript('screen', ...lines);
  return startOnTerminal(['--upstream', screen], {
    environment: { HOME: standIns.folder },
    columns: 91,
    rows: 17,
  });
}

onTerminal('the screen of codex has the terminal: its size, its modes and its keys', async () => {
  const terminal = start(
    'test -t 0 && test -t 1 && stty size',
    'stty raw -echo; echo ready; key=$(dd bs=1 count=1 2>/dev/null); stty sane',
    'echo "key $key"',
    'exit 5',
  );
  await terminal.until(/17 91[^]*ready/);
  terminal.type('q');
  await terminal.until(/key q/);
  expect((await terminal.ended).status).toBe(5);
});

onTerminal('Ctrl-C reaches codex, which decides', async () => {
  const terminal = start(
    'count=0',
    "trap 'count=$((count+1)); echo interrupted $count' INT",
    'echo ready',
    'while [ $count -lt 2 ]; do read line; echo "line $line"; done',
    'exit 6',
  );
  await terminal.until(/ready/);
  terminal.type('\u0003');
  await terminal.until(/interrupted 1/);
  terminal.type('go\n');
  await terminal.until(/line go/);
  terminal.type('\u0003');
  await terminal.until(/interrupted 2/);
  terminal.type('\n');
  expect((await terminal.ended).status).toBe(6);
});

// In a group of its own it gets no signal of the terminal. Only a process that is replaced cannot leave its group.
onTerminal('the Ctrl-C of a terminal is not sent to codex a second time', async () => {
  const program = `import os, signal
count = 0
def interrupted(*_):
    global count
    count += 1
def ended(*_):
    os._exit(50 + count)
signal.signal(signal.SIGINT, interrupted)
signal.signal(signal.SIGTERM, ended)
try:
    os.setpgid(0, 0)
except PermissionError:
    pass
print("ready", flush=True)
while True:
    signal.pause()`;
  writeFileSync(join(standIns.folder, 'counts.py'), program);
  const terminal = start(`exec python3 '${join(standIns.folder, 'counts.py')}'`);
  await terminal.until(/ready/);
  terminal.type('\u0003');
  await terminal.until(/\^C/);
  terminal.signal('SIGTERM');
  expect((await terminal.ended).status).toBe('execve' in process ? 51 : 50);
});

onTerminal('a change of the size reaches codex', async () => {
  const terminal = start("trap 'stty size' WINCH", 'echo ready', 'read line; read line', 'exit 0');
  await terminal.until(/ready/);
  terminal.resize(100, 30);
  await terminal.until(/30 100/);
  terminal.type('\n\n');
  expect((await terminal.ended).status).toBe(0);
});
