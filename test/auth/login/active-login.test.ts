import { expect, test } from 'vitest';
import type { LoginFlow } from '../../../src/auth/login/flow.js';
import {
  type ActiveLogin,
  createActiveLogin,
  type StartLogin,
} from '../../../src/auth/login/active-login.js';
import { AppError } from '../../../src/util/errors.js';
import { createLog } from '../../../src/util/log.js';

/** Returns a login that ends when the test calls `done` or `fail`. */
function flowOf(name: string, kind: 'browser' | 'device' = 'browser') {
  let done = (): void => undefined;
  let fail = (_message: string): void => undefined;
  const finished = new Promise<void>((resolve, reject) => {
    done = resolve;
    fail = (message) => {
      reject(new AppError('loginFailed', message));
    };
  });
  const flow: LoginFlow<{ name: string }> = { answer: { name }, finished, cancel: fail };
  const start: StartLogin<{ name: string }> = { kind, start: () => Promise.resolve(flow) };
  return { start, done, fail };
}

const answered = Promise.resolve();
const call = { signal: new AbortController().signal, answered };

/** Returns the logins, a wait for the ends that were reported, and the log. */
function openLogins(report: () => Promise<void> = () => Promise.resolve()): {
  logins: ActiveLogin;
  untilEnds: (count: number) => Promise<unknown[]>;
  log: readonly string[];
} {
  const ends: unknown[] = [];
  const lines: string[] = [];
  const log = createLog({ level: 'error', nowMs: () => 0, write: (line) => lines.push(line) });
  let waiting: { count: number; resume: () => void }[] = [];
  const onEnd = (loginId: string, error: string | null): Promise<void> => {
    ends.push([loginId, error]);
    for (const { count, resume } of waiting) if (ends.length >= count) resume();
    waiting = waiting.filter(({ count }) => ends.length < count);
    return report();
  };
  const logins = createActiveLogin({ log, onEnd });
  const untilEnds = async (count: number): Promise<unknown[]> => {
    if (ends.length < count) await new Promise<void>((resume) => waiting.push({ count, resume }));
    return ends;
  };
  return { logins, untilEnds, log: lines };
}

test('a login is open until it has ended', async () => {
  const { logins, untilEnds } = openLogins();
  const { start, done } = flowOf('one');
  await logins.begin(start, call);
  expect([logins.isOpen('browser'), logins.isOpen('device')]).toEqual([true, false]);
  done();
  await untilEnds(1);
  expect(logins.isOpen('browser')).toBe(false);
});

test('a login has its own id and ends once', async () => {
  const { logins, untilEnds } = openLogins();
  const { start, done } = flowOf('one');
  const { loginId, name } = await logins.begin(start, call);
  done();
  expect([name, await untilEnds(1)]).toEqual(['one', [[loginId, null]]]);
  expect(loginId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test.each([
  ['browser', 'browser', 'Login cancelled'],
  ['browser', 'device', 'Login was not completed'],
  ['device', 'browser', 'Login was not completed'],
  ['device', 'device', 'Login was not completed'],
] as const)('a new login ends the one before it with an error: %s, then %s', async (first, second, error) => {
  const { logins, untilEnds } = openLogins();
  const { loginId } = await logins.begin(flowOf('one', first).start, call);
  await logins.begin(flowOf('two', second).start, call);
  expect(await untilEnds(1)).toEqual([[loginId, error]]);
});

test('a login is cancelled once', async () => {
  const { logins, untilEnds } = openLogins();
  const { loginId } = await logins.begin(flowOf('one').start, call);
  expect([await logins.cancel(loginId, call), await logins.cancel(loginId, call)]).toEqual([true, false]);
  expect(await untilEnds(1)).toEqual([[loginId, 'Login was not completed']]);
});

test('a login that is being stored is not cancelled', async () => {
  const { logins, untilEnds } = openLogins();
  const { start, done } = flowOf('one');
  const flow = await start.start();
  const storing = { ...start, start: () => Promise.resolve({ ...flow, cancel: done }) };
  const { loginId } = await logins.begin(storing, call);
  expect(await logins.cancel(loginId, call)).toBe(false);
  expect(await untilEnds(1)).toEqual([[loginId, null]]);
});

test('the end of a login is reported after the answer to its request', async () => {
  const { logins, untilEnds } = openLogins();
  const { start, fail } = flowOf('one');
  let isAnswered = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    isAnswered = resolve;
  });
  const one = await logins.begin(start, { ...call, answered: late });
  fail('no');
  const two = await logins.begin(flowOf('two').start, call);
  await logins.giveUp(call.signal);
  expect(await untilEnds(1)).toEqual([[two.loginId, 'Login was not completed']]);
  isAnswered();
  expect(await untilEnds(2)).toContainEqual([one.loginId, 'no']);
});

test('after the close a login is cancelled without a report', async () => {
  const { logins, untilEnds } = openLogins();
  await logins.begin(flowOf('one').start, call);
  await logins.close();
  const { loginId } = await logins.begin(flowOf('two').start, call);
  expect([await logins.cancel(loginId, call), await untilEnds(0)]).toEqual([expect.anything(), []]);
});

test('a login is cancelled if its request is aborted while it starts', async () => {
  const { logins } = openLogins();
  const { start } = flowOf('one');
  const flow = await start.start();
  const controller = new AbortController();
  let begin = (_flow: typeof flow): void => undefined;
  const starting = new Promise<typeof flow>((resolve) => {
    begin = resolve;
  });
  const login = logins.begin({ ...start, start: () => starting }, { ...call, signal: controller.signal });
  controller.abort(new Error('gone'));
  await expect(login).rejects.toThrow('gone');
  begin(flow);
  await expect(flow.finished).rejects.toThrow('Login was not completed');
});

test('an end that cannot be reported is logged without its text, and the next login goes on', async () => {
  const { logins, untilEnds, log } = openLogins(() => Promise.reject(new TypeError('canary')));
  const { start, done } = flowOf('one');
  const { loginId } = await logins.begin(start, call);
  done();
  await untilEnds(1);
  const next = await logins.begin(flowOf('two').start, call);
  expect(await logins.cancel(next.loginId, call)).toBe(true);
  expect(await untilEnds(2)).toEqual([
    [loginId, null],
    [next.loginId, 'Login was not completed'],
  ]);
  await new Promise((resolve) => setImmediate(resolve));
  const line =
    '1970-01-01T00:00:00.000Z ERROR codex_account_server: the end of a login was not reported: TypeError\n';
  expect(log).toEqual([line, line]);
});

test('an aborted request does not wait for a login that cannot end', async () => {
  const { logins } = openLogins();
  const { start } = flowOf('one');
  const flow = await start.start();
  const endless = { ...start, start: () => Promise.resolve({ ...flow, cancel: () => undefined }) };
  const { loginId } = await logins.begin(endless, call);
  const gone = new AppError('shuttingDown', 'server is shutting down');
  const given = { ...call, signal: AbortSignal.abort(gone) };
  await expect(logins.cancel(loginId, given)).rejects.toBe(gone);
  await expect(logins.giveUp(given.signal)).rejects.toBe(gone);
  await expect(logins.begin(flowOf('two').start, given)).rejects.toBe(gone);
});
