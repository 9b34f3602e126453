import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/**
 * The reason why these functions cannot work on this machine, or an empty text. Debian: packages dbus, gnome-keyring.
 */
export const obstacles = [
  ...['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon']
    .filter((command) => spawnSync(command, ['--version']).error !== undefined)
    .map((command) => `no ${command}`),
  // dbus-daemon accepts only users that it can look up.
  ...(hasName() ? [] : ['this user is not in the password file']),
];

export interface SessionBus {
  /** The environment of programs that use this bus and no other. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts a program that ends with the bus at the latest. */
  start(command: string, args: readonly string[], input: string): ChildProcess;
  stop(): Promise<void>;
}

export interface SecretService {
  stop(): Promise<void>;
}

/** Starts a separate D-Bus session with its files in `root`. It has no services and starts none. */
export async function startSessionBus(root: string): Promise<SessionBus> {
  const configuration = join(root, 'bus.conf');
  writeFileSync(
    configuration,
    `<busconfig>
      <type>session</type>
      <listen>unix:dir=${root}</listen>
      <policy context="default">
        <allow send_destination="*"/>
        <allow receive_sender="*"/>
        <allow own="*"/>
      </policy>
    </busconfig>`,
  );
  const options = ['--nofork', '--print-address', `--config-file=${configuration}`];
  const child = spawn('dbus-daemon', options, { env: inherited(root), stdio: ['ignore', 'pipe', 'ignore'] });
  const [address] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const environment = { ...inherited(root), DBUS_SESSION_BUS_ADDRESS: address };
  const children: ChildProcess[] = [child];
  return {
    environment,
    start(command, args, input) {
      const program = spawn(command, args, { env: environment, stdio: ['pipe', 'ignore', 'ignore'] });
      children.push(program);
      program.stdin.end(input);
      return program;
    },
    async stop() {
      for (const started of children.toReversed()) await stop(started);
    },
  };
}

/** Starts GNOME's keyring on that bus. With a password the keyring is created if necessary, and unlocked. */
export async function startSecretService(bus: SessionBus, password?: string): Promise<SecretService> {
  const unlocking = password === undefined ? [] : ['--unlock'];
  const options = ['--foreground', '--components=secrets', ...unlocking];
  const child = bus.start('gnome-keyring-daemon', options, password ?? '');
  while (!isOnBus(bus)) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error('gnome-keyring-daemon has ended');
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { stop: () => stop(child) };
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

function inherited(root: string): Record<string, string> {
  const runtime = join(root, 'runtime');
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  return {
    PATH: process.env.PATH ?? '',
    HOME: root,
    XDG_DATA_HOME: join(root, 'data'),
    XDG_RUNTIME_DIR: runtime,
  };
}

function isOnBus(bus: SessionBus): boolean {
  const question = ['--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner'];
  const { stdout } = spawnSync(
    'dbus-send',
    ['--print-reply', ...question, 'string:org.freedesktop.secrets'],
    { env: bus.environment, encoding: 'utf8' },
  );
  return stdout.includes('boolean true');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill();
  await exit;
}
