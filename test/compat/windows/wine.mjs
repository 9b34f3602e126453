import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { forwardingDll } from './forwarding-dll.mjs';
import { NotTestedError } from './not-tested.mjs';

/** The result of `run` if the server of Wine crashed. */
export const crashed = 'wineserver crashed';

/** Starts programs for Windows with an own prefix, so that the end of a run ends all that it has started. */
export function createWine(prefix) {
  const env = {
    PATH: process.env.PATH,
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('LAB'))),
    // Wine cannot create names that this character set does not have.
    LC_ALL: 'C.UTF-8',
    // For clack, which otherwise draws its dialogues in ASCII on Windows.
    TERMINUS_SUBLIME: '1',
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    DISPLAY: '',
    // No dialogues to install Mono or Gecko, and no entries in the menus of a desktop.
    WINEDLLOVERRIDES: 'mscoree,mshtml=;winemenubuilder.exe=',
  };
  const quiet = (command, args) => spawnSync(command, args, { env, stdio: 'ignore' }).status;

  return {
    /**
     * Installs Wine if it is missing, and creates the prefix.
     *
     * @throws NotTestedError if it cannot
     */
    prepare() {
      if (!installed()) installWine();
      quiet('wine', ['wineboot', '-i']);
      // Wine 8 lacks this library, which programs in Rust (rolldown, keyring) load for random numbers.
      const folder = path.join(prefix, 'drive_c/windows/system32');
      if (!fs.existsSync(folder)) throw new NotTestedError('wine cannot create a prefix');
      const library = forwardingDll('bcryptprimitives.dll', 'ProcessPrng', 'advapi32.SystemFunction036');
      fs.writeFileSync(path.join(folder, 'bcryptprimitives.dll'), library);
      // Node refuses to start on the Windows 7 that the prefix has otherwise.
      if (quiet('wine', ['winecfg', '-v', 'win10']) !== 0)
        throw new NotTestedError('wine cannot set up a prefix');
    },

    /**
     * Runs a program with its output in a file, because node for Windows cannot use a pipe of Linux. Returns why it
     * ended; `crashed` if the server of Wine crashed.
     *
     * @param options.until when it is ended, in milliseconds since the epoch
     * @param options.start the command that starts Wine
     * @param options.variables more of its environment
     * @param options.isStalled whether it makes no progress, so that it is ended
     */
    async run(program, args, options) {
      const { cwd, output, until, start: [command, ...words] = ['wine'], variables, isStalled } = options;
      const file = fs.openSync(output, 'w');
      const child = spawn(command, [...words, program, ...args], {
        cwd,
        env: { ...env, ...variables },
        stdio: ['ignore', file, file],
      });
      let ended;
      const endBecause = (reason) => {
        ended ??= reason;
        killAll(prefix);
      };
      // All programs hang then.
      const endIfCrashed = () => {
        if (fs.readFileSync(output, 'utf8').includes('wineserver crashed')) endBecause(crashed);
      };
      const watch = setInterval(() => {
        endIfCrashed();
        if (isStalled?.()) endBecause('it made no progress');
        if (Date.now() > until) endBecause('the time was over');
      }, 2_000);
      const [code, signal] = await once(child, 'close');
      clearInterval(watch);
      fs.closeSync(file);
      endIfCrashed();
      return ended ?? signal ?? `exit code ${code}`;
    },

    /** Ends every program of this prefix. */
    end() {
      if (!installed() || !fs.existsSync(prefix)) return;
      quiet('wineserver', ['-k']);
      quiet('wineserver', ['-w']);
      killAll(prefix);
    },
  };
}

/** Kills the processes of this prefix, also those that hang because its server has crashed. */
function killAll(prefix) {
  const pids = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    try {
      const variables = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (variables.includes(`WINEPREFIX=${prefix}`)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended, or belongs to another user.
    }
  }
}

function installed() {
  return ['wine', 'wineserver'].every(
    (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
  );
}

function installWine() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new NotTestedError('it needs Linux on x64');
  if (process.getuid() !== 0 || spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0)
    throw new NotTestedError(
      'it is not installed. On Debian: apt-get install --no-install-recommends wine wine64',
    );
  console.log('Installing Wine (105 MB from the Debian mirror)');
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', 'wine', 'wine64']]) {
    const { status, stderr } = spawnSync('apt-get', ['-qq', '-o', 'Acquire::http::Timeout=20', ...words], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      encoding: 'utf8',
      timeout: 300_000,
    });
    if (status !== 0)
      throw new NotTestedError(
        `apt-get ${words[0]} failed: ${stderr.trim().split('\n').at(-1) || 'no reason is known'}`,
      );
  }
  if (!installed()) throw new NotTestedError('apt-get has installed no wine');
}
