import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { type BuiltServer, type ClientFixture, type ClientOptions, withBuiltServer } from './built-server.js';

export interface CommandFixture extends Pick<ClientFixture, 'backend' | 'home'> {
  /** Starts a command whose logins, refreshes and revocations go to the embedded issuer. */
  command(line: string, environment?: Readonly<Record<string, string>>): BuiltServer;
  readonly authPath: string;
  /** Allows or denies a device login as a person does in the browser. */
  decide(userCode: string, decision: 'allow' | 'deny'): Promise<void>;
}

export function withCommands(
  auth: NonNullable<ClientOptions['auth']>,
  act: (fixture: CommandFixture) => Promise<void>,
): Promise<void> {
  return withBuiltServer({ auth, args: ['--version'] }, ({ backend, home, start }) =>
    act({
      backend,
      home,
      command: (line, environment) =>
        start(line.split(' '), { ...devEnvironment(backend.url), ...environment }),
      authPath: join(home.path, 'auth.json'),
      async decide(userCode, decision) {
        const body = new URLSearchParams({ user_code: userCode, decision });
        await fetch(`${backend.url}/codex/device`, { method: 'POST', body });
      },
    }),
  );
}

/** Resolves with the first match on stderr. */
export async function shown({ child, stderr, exited }: BuiltServer, pattern: RegExp): Promise<string> {
  const gone = exited.then(() => {
    throw new Error(`it has ended: ${stderr()}`);
  });
  gone.catch(() => undefined);
  for (;;) {
    const found = pattern.exec(stderr())?.[0];
    if (found !== undefined) return found;
    await Promise.race([once(child.stderr, 'data'), gone]);
  }
}

/** Kills the server that a command has started. */
export function killServerOf({ child }: BuiltServer): void {
  process.kill(Number(execFileSync('pgrep', ['-P', `${child.pid}`], { encoding: 'utf8' })), 'SIGKILL');
}

export async function outcome({ exited, stderr, stdout }: BuiltServer): Promise<unknown> {
  const { code } = await exited;
  return { code, stdout: stdout(), stderr: stderr() };
}

export function storedLogin(authPath: string): Record<string, unknown> {
  return JSON.parse(readFileSync(authPath, 'utf8')) as Record<string, unknown>;
}
