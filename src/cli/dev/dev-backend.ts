import { devEnvironment } from '../../dev-backend/environment.js';
import { createDevHome, type DevHome, type DevHomeOptions } from '../../dev-backend/home.js';
import { identityIn } from '../../dev-backend/account/run-scenario.js';
import { type ScenarioName, scenarioNames, scenarios } from '../../dev-backend/account/scenarios.js';
import type { LoggedRequest } from '../../dev-backend/http/request-log.js';
import { devIdentity, type Identity } from '../../dev-backend/identity.js';
import { type DevBackend, startDevBackend } from '../../dev-backend/server.js';
import { safeLine } from '../../util/text/safe-text.js';
import { withoutLogins } from '../environment.js';
import type { DevBackendIo } from '../io.js';
import { print, printAll } from '../terminal/print.js';
import { isInForeground } from '../terminal/process/foreground.js';
import { type Keyboard, openKeyboard } from '../terminal/process/keyboard.js';
import { wrongUse } from '../wrong-use.js';
import { type DevRun, readDevArguments } from './dev-arguments.js';
import { runDevCommand } from './dev-command.js';
import { devHelpText } from './dev-help.js';
import { removeHome } from './remove-home.js';
import { settingLines } from './setting-lines.js';

/**
 * Runs the embedded backend until stopped, or until its command has ended. Resolves with the exit code: 0 stopped, 1 could
 * not start, 2 wrong usage, or that of the command.
 */
export async function runDevBackend(args: readonly string[], io: DevBackendIo): Promise<number> {
  let choice: ReturnType<typeof readDevArguments>;
  try {
    choice = readDevArguments(args);
  } catch (error) {
    io.stderr.write(wrongUse('dev-backend', error));
    return 2;
  }
  if (choice.kind === 'help') return printAll('dev-backend', devHelpText(), io);
  for (const stream of [io.stdout, io.stderr]) stream.on('error', () => undefined);
  try {
    return await serve(choice, io);
  } catch (error) {
    io.stderr.write(`codex-account-server dev-backend: ${safeLine(startFailure(error, choice.port))}.\n`);
    return 1;
  }
}

async function serve(run: DevRun, io: DevBackendIo): Promise<number> {
  const { port, scenario, command } = run;
  const identity = identityOf(run);
  const backend = await startDevBackend({
    port,
    scenario,
    users: [identity],
    clock: io.clock,
    ...(run.isLogged && { onRequestEnd: (entry) => io.stderr.write(requestLine(entry)) }),
    onScenarioChange: (name) => (command ? io.stderr : io.stdout).write(scenarioLine(name)),
  });
  try {
    const home = createDevHome(homeOptions(run, identity, { backend, io }), io.clock);
    try {
      const variables = { CODEX_HOME: home.path, ...devEnvironment(backend.url) };
      if (command) return await runWith(command, variables, io);
      await serveUntilStopped({ backend, home, variables, io });
      return 0;
    } finally {
      await removeHome(home, 'dev-backend', io);
    }
  } finally {
    await backend.close();
  }
}

/** Returns the identity of the login. An account of its own has its name in every member. */
function identityOf({ account }: DevRun): Identity {
  if (account === undefined) return devIdentity;
  const { plan } = devIdentity;
  return {
    email: `${account}@example.com`,
    plan,
    accountId: `account-${account}`,
    userId: `user-${account}`,
  };
}

function homeOptions(
  { home, scenario }: DevRun,
  identity: Identity,
  { backend, io }: { readonly backend: DevBackend; readonly io: DevBackendIo },
): DevHomeOptions {
  const { loginExpiresAfterMs } = scenarios[scenario];
  return {
    ...identityIn(scenarios[scenario], identity),
    backendUrl: backend.url,
    path: home,
    ...(loginExpiresAfterMs !== undefined && {
      accessTokenExpiresAtMs: io.clock.nowMs() + loginExpiresAfterMs,
    }),
  };
}

async function runWith(
  command: NonNullable<DevRun['command']>,
  variables: Readonly<Record<string, string>>,
  io: DevBackendIo,
): Promise<number> {
  const end = await runDevCommand(command, {
    environment: { ...withoutLogins(io.serverEnv), ...variables },
    untilStopped: io.untilStopped,
    isOnTerminal: io.stdin.isTTY ?? false,
  });
  if (end.kind === 'notStarted') {
    io.stderr.write(
      `codex-account-server dev-backend: ${safeLine(command[0])} cannot be run (${end.code}).\n`,
    );
  }
  return end.exitCode;
}

interface Served {
  readonly backend: DevBackend;
  readonly home: DevHome;
  readonly variables: Readonly<Record<string, string>>;
  readonly io: DevBackendIo;
}

async function serveUntilStopped({ backend, home, variables, io }: Served): Promise<void> {
  const nextScenario = (): void => backend.setScenario(scenarioAfter(backend.scenario));
  const keyboard = isInForeground() ? openKeyboard(io.stdin, { n: nextScenario }, io.jobControl) : undefined;
  const unfollow = keyboard && io.jobControl.follow(keyboard.pause, () => resumeKeys(keyboard));
  try {
    const { platform } = process;
    const text = `Embedded backend: ${backend.url} (scenario ${backend.scenario})
CODEX_HOME=${home.path}
Run ${platform === 'win32' ? 'the line of your shell' : 'this line'} in another terminal, then start your client there, or: codex-account-server usage
${settingLines(variables, platform).join('\n')}
${keyboard ? 'The key n changes to the next scenario. ' : ''}Ctrl-C stops it${home.isKept ? '' : ' and removes that folder'}.
`;
    // If the reader of stdout has gone, the backend keeps running.
    await print(io.stdout, text);
    await io.untilStopped;
  } finally {
    unfollow?.();
    keyboard?.close();
  }
}

/** Reads no more keys if the job was continued in the background. */
function resumeKeys(keyboard: Keyboard): void {
  if (isInForeground()) keyboard.resume();
  else keyboard.close();
}

function scenarioAfter(name: ScenarioName): ScenarioName {
  const next = scenarioNames[(scenarioNames.indexOf(name) + 1) % scenarioNames.length];
  return next ?? name;
}

function scenarioLine(name: ScenarioName): string {
  return `Scenario ${name}: ${scenarios[name].summary}\n`;
}

function requestLine({ atMs, method, path, status, durationMs }: LoggedRequest): string {
  const reply = status === null ? 'closed without a reply' : String(status);
  return `${new Date(atMs).toISOString()} ${safeLine(`${method} ${path}`)} ${reply}, ${durationMs} ms\n`;
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
