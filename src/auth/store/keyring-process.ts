import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { KeyringError, type KeyringFailure } from './keyring-error.js';

/** A call of the library for an entry. */
export interface KeyringCall {
  readonly service: string;
  readonly account: string;
  readonly method: 'getPassword' | 'setPassword' | 'deletePassword';
  readonly args: readonly string[];
}

/** How long a keyring may take. It may ask for a password or a permission, which nobody may be there to give. */
const keyringLimitMs = 15_000;

/**
 * Makes a call of `@napi-rs/keyring` in a process of its own, which is killed if it takes too long. A call in this
 * process could not be given up: node waits for it even in `process.exit`.
 *
 * @throws KeyringError
 */
export function callKeyring(call: KeyringCall, { limitMs = keyringLimitMs } = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const args = ['--input-type=commonjs', '-e', script, '--', join(import.meta.dirname, 'keyring.cjs')];
    const options = {
      timeout: limitMs,
      killSignal: 'SIGKILL',
      maxBuffer: maxOutputBytes,
      windowsHide: true,
    } as const;
    const child = execFile(process.execPath, args, options, (error, stdout) => {
      if (error?.killed) reject(new KeyringError('unanswered', unanswered(limitMs), { cause: error }));
      else settle(stdout, { resolve, reject });
    });
    // Not as arguments, which other users can see. The process may have ended without reading it.
    child.stdin?.on('error', () => undefined).end(JSON.stringify(call));
  });
}

const maxOutputBytes = 8 * 1024 * 1024;

function unanswered(limitMs: number): string {
  return `the keyring has not answered within ${limitMs / 1000} s; it may be waiting for its password or for your permission`;
}

/** Reads the call from stdin, and writes what came of it. The library is found as from this file. */
const script = `
  if (process.platform !== 'win32') process.once('SIGUSR1', () => process.kill(process.pid, 'SIGUSR1'));
  const { createRequire } = require('node:module');
  const { readFileSync } = require('node:fs');
  const answer = (outcome) => process.stdout.write(JSON.stringify(outcome), () => process.exit());
  const fail = ({ code, message }, isLoaded) => answer({ error: { code, message: String(message), isLoaded } });
  const { service, account, method, args } = JSON.parse(readFileSync(0, 'utf8'));
  let library;
  try {
    library = createRequire(process.argv[1])('@napi-rs/keyring');
  } catch (error) {
    fail(error, false);
  }
  // Without this option the library falls back to the kernel's keyring, which does not survive a restart.
  const options = { linux: { store: 'secret-service' } };
  if (library) {
    Promise.resolve()
      .then(() => new library.AsyncEntry(service, account, options)[method](...args))
      .then((value) => answer({ value }), (error) => fail(error, true));
  }`;

interface Outcome {
  readonly value?: unknown;
  readonly error?: { readonly code?: string; readonly message: string; readonly isLoaded: boolean };
}

function settle(
  stdout: string,
  { resolve, reject }: { resolve: (value: unknown) => void; reject: (error: KeyringError) => void },
): void {
  let outcome: Outcome;
  try {
    outcome = JSON.parse(stdout) as Outcome;
  } catch {
    reject(new KeyringError('failed', 'the process that asks the keyring has failed'));
    return;
  }
  if (outcome.error) reject(keyringError(outcome.error));
  else resolve(outcome.value);
}

function keyringError({ code, message, isLoaded }: Required<Outcome>['error']): KeyringError {
  if (isLoaded) return errorFrom(message);
  return new KeyringError(
    'notInstalled',
    code === 'MODULE_NOT_FOUND'
      ? '@napi-rs/keyring is not installed; npm install @napi-rs/keyring adds it'
      : '@napi-rs/keyring does not run on this system',
  );
}

/** The kinds of failure by the library's messages, as its errors have no codes. The first match counts. */
const failures: readonly [RegExp, KeyringFailure, string][] = [
  [/object locked|prompt was dismissed|interaction is not allowed/i, 'locked', 'the keyring is locked'],
  [
    /org\.freedesktop\.secrets|no DBus session or Secret Service/i,
    'unavailable',
    'no keyring is available: there is no Secret Service on the D-Bus session bus',
  ],
  [/D-?Bus/i, 'unavailable', 'no keyring is available: the D-Bus session bus cannot be reached'],
];

function errorFrom(text: string): KeyringError {
  const found = failures.find(([pattern]) => pattern.test(text));
  const [, failure, message] = found ?? [/$/, 'failed', 'the keyring operation failed'];
  return new KeyringError(failure, message);
}
