import fs from 'node:fs';
import path from 'node:path';
import { NotTestedError } from './not-tested.mjs';

/** The server of Wine 8.0 on Debian 12, and the bytes of `unlock_fd` that hold its error code. */
const serverPath = '/usr/lib/wine/wineserver64';
const offsets = [0x22c5d, 0x22c6c];

/**
 * Lets the real codex.exe and our server wait for the locks of each other. They run in a network namespace of their own,
 * so that codex reaches nothing but this machine. Returns the exit code of the run.
 */
export async function runCodexLocks({ wine, program, codex, checkout, folder }) {
  // Programs of Wine use the network namespace in which its server has been started.
  wine.end();
  const output = path.join(folder, 'output.txt');
  const script = 'ip link set lo up && "$1" -p60 && shift && exec wine "$@"';
  const ended = await wine.run(program, ['test/compat/windows/lock-partners.mjs', codex], {
    cwd: checkout,
    output,
    until: Date.now() + 10 * 60_000,
    start: ['unshare', '-n', 'sh', '-c', script, 'sh', patchedServer(folder)],
  });
  console.log(fs.readFileSync(output, 'utf8'));
  console.log(ended);
  return ended === 'exit code 0' ? 0 : 1;
}

/**
 * Copies the server of Wine. The copy reports ERROR_NOT_LOCKED, as Windows does, if a file is unlocked twice, as the
 * standard library of Rust does. Wine 8 reports ERROR_LOCK_VIOLATION, which it takes for a failure.
 */
function patchedServer(folder) {
  const bytes = fs.existsSync(serverPath) ? fs.readFileSync(serverPath) : Buffer.alloc(0);
  for (const offset of offsets) {
    if (bytes[offset] !== 0x54)
      throw new NotTestedError(`${serverPath} is not that of Wine 8.0 of Debian 12`);
    bytes[offset] = 0x7e;
  }
  const copy = path.join(folder, 'wineserver64');
  fs.writeFileSync(copy, bytes, { mode: 0o755 });
  return copy;
}
