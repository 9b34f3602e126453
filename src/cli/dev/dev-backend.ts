import { parseArgs } from 'node:util';
import { devEnvironment } from '../../dev-backend/environment.js';
import { createDevHome } from '../../dev-backend/home.js';
import type { ScenarioName } from '../../dev-backend/account/scenarios.js';
import { scenarioNames, scenarios } from '../../dev-backend/account/scenarios.js';
import type { DevBackend } from '../../dev-backend/server.js';
import { startDevBackend } from '../../dev-backend/server.js';
import { systemClock } from '../../util/clock.js';
import { safeLine } from '../../util/safe-text.js';
import type { DevBackendIo } from '../io.js';
import { removeHome } from './remove-home.js';
import { settingLines } from './setting-lines.js';
import { wrapped } from '../terminal/wrapped-text.js';
import { print, printAll } from '../terminal/print.js';
import { wrongUse } from '../wrong-use.js';

interface Run {
  readonly kind: 'run';
  readonly port: number;
  readonly scenario: ScenarioName;
}

type Choice = Run | { readonly kind: 'help' };

const defaultScenario: ScenarioName = 'fresh';

/** Runs the embedded backend until stopped. Resolves with the exit code: 0 stopped, 1 could not start, 2 wrong usage. */
export async function runDevBackend(args: readonly string[], io: DevBackendIo): Promise<number> {
  let choice: Choice;
  try {
    choice = readChoice(args);
  } catch (error) {
    io.stderr.write(wrongUse('dev-backend', error));
    return 2;
  }
  if (choice.kind === 'help') {
    return printAll('dev-backend', helpText(), io);
  }
  io.stdout.on('error', () => undefined);
  try {
    const backend = await startDevBackend(choice);
    await serveUntilStopped(backend, choice.scenario, io).finally(() => backend.close());
    return 0;
  } catch (error) {
    io.stderr.write(`codex-account-server dev-backend: ${safeLine(startFailure(error, choice.port))}.\n`);
    return 1;
  }
}

/** @throws Error whose message says what is wrong */
function readChoice(args: readonly string[]): Choice {
  const options = {
    port: { type: 'string', default: '0' },
    scenario: { type: 'string', default: defaultScenario },
    help: { type: 'boolean', short: 'h', default: false },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  return values.help ? { kind: 'help' } : checkChoice(values.port, values.scenario);
}

function checkChoice(portText: string, scenarioText: string): Choice {
  const port = Number(portText);
  if (!/^\d+$/.test(portText) || port > 65_535) {
    throw new Error(`--port takes a number from 0 to 65535, not '${portText}'`);
  }
  const scenario = scenarioNames.find((name) => name === scenarioText);
  if (scenario !== undefined) return { kind: 'run', port, scenario };
  throw new Error(`--scenario takes one of ${scenarioNames.join(', ')}, not '${scenarioText}'`);
}

const nameWidth = Math.max(...scenarioNames.map((name) => name.length));

function scenarioLines(name: ScenarioName): string {
  const first = `  ${name.padEnd(nameWidth)}  `;
  const lines = wrapped(scenarios[name].summary, 78, { first, next: ' '.repeat(first.length) });
  return lines.map((line) => `${line}\n`).join('');
}

function helpText(): string {
  return `Usage: codex-account-server dev-backend [--port N] [--scenario NAME]

Runs a backend and a login issuer on 127.0.0.1, to build clients without an
account. Creates a CODEX_HOME that points to it. Ctrl-C stops it and removes
that folder.

  --port N         the port (default: any free one)
  --scenario NAME  the state of the account (default: ${defaultScenario})
  -h, --help       show this help

Scenarios:
${scenarioNames.map(scenarioLines).join('')}
Run the line that it prints in the shell that starts your client. It sets:
  CODEX_HOME                         the folder, with a login that it accepts
  CODEX_REFRESH_TOKEN_URL_OVERRIDE   refreshes access tokens
  CODEX_REVOKE_TOKEN_URL_OVERRIDE    revokes them at logout
  CODEX_APP_SERVER_LOGIN_ISSUER      logins by browser and by device code
  CODEX_AUTHAPI_BASE_URL             looks up personal access tokens (at-…)

Its login pages ask you to allow the login. To allow a device login without a
browser, use the code and the page that it shows:
  curl -d user_code=CODE -d decision=allow PAGE

Exit codes: 0 stopped; 1 could not start; 2 wrong usage.
`;
}

async function serveUntilStopped(
  backend: DevBackend,
  scenario: ScenarioName,
  io: DevBackendIo,
): Promise<void> {
  const { plan, loginExpiresAfterMs } = scenarios[scenario];
  const home = createDevHome({
    backendUrl: backend.url,
    ...(plan !== undefined && { plan }),
    ...(loginExpiresAfterMs !== undefined && {
      accessTokenExpiresAtMs: systemClock.nowMs() + loginExpiresAfterMs,
    }),
  });
  const variables = { CODEX_HOME: home.path, ...devEnvironment(backend.url) };
  const { platform } = process;
  try {
    const text = `Embedded backend: ${backend.url} (scenario ${scenario})
CODEX_HOME=${home.path}
Run ${platform === 'win32' ? 'the line of your shell' : 'this line'} in another terminal, then start your client there, or: codex-account-server usage
${settingLines(variables, platform).join('\n')}
Ctrl-C stops it and removes that folder.
`;
    // If the reader of stdout has gone, the backend keeps running.
    await print(io.stdout, text);
    await io.untilStopped;
  } finally {
    await removeHome(home, 'dev-backend', { clock: systemClock, stderr: io.stderr });
  }
}

function startFailure(error: unknown, port: number): string {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'listen') return `cannot start: ${messageOf(error)}`;
  if (code === 'EADDRINUSE') return `port ${port} is taken; choose another one, or 0 for any free one`;
  if (code === 'EACCES') return `port ${port} is not open to this user; choose one above 1023`;
  return `cannot start: ${messageOf(error)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
