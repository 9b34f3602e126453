import fs from 'node:fs';
import path from 'node:path';

import { usageBody, windowOf } from '../backend.mjs';
import { consume, readLimits } from '../methods.mjs';

// Reads that servers with one CODEX_HOME share.

const ours = { departure: 'P', reason: 'codex ignores maxAgeSecs and stores no reads' };
const storedOrNew = { maxAgeSecs: 600 };

/** Makes the backend report this use of the first window, and this many reset credits. */
function use(backend, percent, { resetAt = 1_900_000_000, credits = 1 } = {}) {
  const rate_limit = { ...usageBody.rate_limit, primary_window: windowOf(300, percent, resetAt) };
  const rate_limit_reset_credits = { available_count: credits };
  backend.replies.usage = { body: { ...usageBody, rate_limit, rate_limit_reset_credits } };
}

const usedIn = (answer) => answer.rateLimits?.primary.usedPercent ?? answer;
const usageRequests = (backend) => backend.requests.filter(({ resource }) => resource === 'usage').length;

/** Lists the files of stored reads with their modes. The digits of their names depend on the address of the backend. */
function storedFiles(home) {
  const folder = path.join(home, 'account-server');
  if (!fs.existsSync(folder)) return [];
  const mode = (name) => (fs.statSync(path.join(folder, name)).mode & 0o777).toString(8);
  const shown = (name) => `${mode(name)} ${name.replace(/[\da-f]{16}/, '<key>')}`;
  return [`${mode('')} .`, ...fs.readdirSync(folder).map(shown).sort()];
}

/** Returns the lines of the log. Times are left out. */
function logged(home) {
  const text = fs.readFileSync(path.join(home, 'account-server/limits-log.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { at: _at, ...entry } = JSON.parse(line);
      return entry;
    });
}

export default [
  {
    name: 'a read that is young enough is taken, and a plain read neither looks nor stores',
    promise: 'When a stored read is used: It began at most the accepted age before it was asked for',
    ...ours,
    run: async ({ open, backend }) => {
      const server = await open();
      const seen = [];
      for (const [percent, params] of [
        [10, storedOrNew],
        [20, storedOrNew],
        [30, {}],
        [40, storedOrNew],
        [50, { maxAgeSecs: 0 }],
        [60, storedOrNew],
      ]) {
        use(backend, percent);
        seen.push(usedIn(await server.ask(readLimits, params)));
      }
      return { seen, requests: usageRequests(backend) };
    },
  },
  {
    name: 'a read of which a window has ended since, and one without the details of credits, are not taken',
    promise: 'When a stored read is used: No window in it has ended since.',
    ...ours,
    run: async ({ open, backend }) => {
      const server = await open();
      use(backend, 10, { resetAt: Math.ceil(Date.now() / 1000) });
      const ended = usedIn(await server.ask(readLimits, storedOrNew));
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      use(backend, 20);
      const afterTheEnd = usedIn(
        await server.ask(readLimits, { ...storedOrNew, excludeResetCreditDetails: true }),
      );
      use(backend, 30);
      const withDetails = usedIn(await server.ask(readLimits, storedOrNew));
      return { ended, afterTheEnd, withDetails };
    },
  },
  {
    name: 'a file that is damaged, or that others can write to, is not taken, and is no error',
    promise: 'When a stored read is used: A file that cannot be used or written is not an error',
    ...ours,
    run: async ({ open, backend, home }) => {
      const server = await open();
      const folder = path.join(home, 'account-server');
      const file = () =>
        path.join(
          folder,
          fs.readdirSync(folder).find((name) => name.endsWith('.json')),
        );
      const spoil = {
        damaged: () => fs.truncateSync(file(), 20),
        writable: () => fs.chmodSync(file(), 0o666),
        folder: () => fs.chmodSync(folder, 0o777),
      };
      use(backend, 10);
      await server.ask(readLimits, storedOrNew);
      const seen = {};
      for (const [percent, [name, act]] of Object.entries(spoil).entries()) {
        act();
        use(backend, 20 + percent);
        seen[name] = usedIn(await server.ask(readLimits, storedOrNew));
      }
      return seen;
    },
  },
  {
    name: 'the files have the modes of secrets, and hold none',
    promise: 'Files: They have mode 0600, the folder 0700, and hold no token and no e-mail address.',
    ...ours,
    run: async ({ open, backend, home }) => {
      const server = await open();
      for (const percent of [10, 20]) {
        use(backend, percent);
        await server.ask(readLimits, { maxAgeSecs: 0 });
      }
      const folder = path.join(home, 'account-server');
      const texts = fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name), 'utf8'));
      const { tokens } = JSON.parse(fs.readFileSync(path.join(home, 'auth.json'), 'utf8'));
      const secrets = [...Object.values(tokens).filter((token) => token.length > 20), '@'];
      return {
        files: storedFiles(home),
        hold: secrets.filter((secret) => texts.some((text) => text.includes(secret))).length,
      };
    },
  },
  {
    name: 'a read-only server takes a stored read, and writes nothing',
    promise: 'Files: A read-only server uses stored reads and writes nothing.',
    ...ours,
    run: async ({ open, backend, home }) => {
      use(backend, 10);
      const reader = await open({ after: ['--read-only'] });
      const alone = usedIn(await reader.ask(readLimits, storedOrNew));
      const none = storedFiles(home);
      const writer = await open();
      use(backend, 20);
      await writer.ask(readLimits, { maxAgeSecs: 0 });
      use(backend, 30);
      return { alone, none, afterAnother: usedIn(await reader.ask(readLimits, storedOrNew)) };
    },
  },
  {
    name: 'the log has a line for each change of a window and of the credits',
    promise: 'The log: has a line of JSON for each change of a window, a spend limit or the reset credits',
    ...ours,
    run: async ({ open, backend, home }) => {
      const server = await open();
      for (const percent of [10, 10, 25]) {
        use(backend, percent);
        await server.ask(readLimits, { maxAgeSecs: 0 });
      }
      use(backend, 50);
      await server.ask(readLimits, {});
      backend.replies['rate-limit-reset-credits'] = { body: { available_count: 0, credits: [] } };
      use(backend, 1, { resetAt: 1_900_018_000, credits: 0 });
      await server.ask(readLimits, { maxAgeSecs: 0 });
      return logged(home);
    },
  },
  {
    name: 'no read from before the end of a consume is taken after it, whatever its outcome',
    promise: 'After a redemption: So none that began before the end of a consume is used after it',
    ...ours,
    run: async ({ open, backend }) => {
      const [reader, redeemer] = [await open(), await open()];
      const seen = [];
      for (const [percent, reply] of [
        [10, { body: { code: 'reset', windows_reset: 1 } }],
        [20, { body: { code: 'nothing_to_reset', windows_reset: 0 } }],
        [30, { status: 400, body: { detail: 'no' } }],
      ]) {
        use(backend, percent);
        await reader.ask(readLimits, storedOrNew);
        backend.replies['rate-limit-reset-credits/consume'] = reply;
        await redeemer.ask(consume, { idempotencyKey: `key-${percent}` });
        use(backend, percent + 1);
        seen.push(usedIn(await reader.ask(readLimits, storedOrNew)));
      }
      return seen;
    },
  },
  {
    name: 'a read that is on its way during a consume is answered, but not stored',
    promise: 'After a redemption: A read bears the epoch in which it began.',
    ...ours,
    run: async ({ open, backend }) => {
      const [reader, redeemer] = [await open(), await open()];
      use(backend, 90);
      const release = backend.hold('usage', backend.replies.usage);
      const early = reader.ask(readLimits, storedOrNew);
      await backend.asked('usage');
      await redeemer.ask(consume, { idempotencyKey: 'key' });
      release();
      const answered = usedIn(await early);
      use(backend, 0);
      return { answered, later: usedIn(await reader.ask(readLimits, storedOrNew)) };
    },
  },
  {
    name: 'servers that ask at the same time share a request',
    promise: 'One read for all: A caller that finds no read takes the lock, looks again, and reads.',
    ...ours,
    run: async ({ open, backend }) => {
      const servers = [await open(), await open(), await open()];
      // Code that is loaded first would cost some of the time that they wait for each other.
      for (const server of servers) await server.ask(readLimits, {});
      const before = usageRequests(backend);
      use(backend, 10);
      const release = backend.hold('usage', backend.replies.usage);
      const answers = servers.map((server) => server.ask(readLimits, storedOrNew));
      await backend.asked('usage', before + 1);
      release();
      const seen = (await Promise.all(answers)).map(usedIn);
      // On a busy machine one of them may wait in vain, and then reads for itself.
      return { seen, isShared: usageRequests(backend) - before < servers.length };
    },
  },
  {
    name: 'after a 429 with a Retry-After no server sends such a read, and a young one is still taken',
    promise:
      'One read for all: these reads fail with the text of the 429 until it has passed, in every process',
    ...ours,
    run: async ({ open, backend }) => {
      const [one, other] = [await open(), await open()];
      use(backend, 10);
      await one.ask(readLimits, storedOrNew);
      backend.replies.usage = {
        status: 429,
        headers: { 'retry-after': '60' },
        body: { detail: 'slow down' },
      };
      const refused = await one.ask(readLimits, { maxAgeSecs: 0 });
      use(backend, 20);
      const alsoRefused = await other.ask(readLimits, { maxAgeSecs: 0 });
      const { kind, httpStatus } = alsoRefused.error.data;
      return {
        isSameText: refused.error.message === alsoRefused.error.message,
        reason: { kind, httpStatus },
        stored: usedIn(await other.ask(readLimits, storedOrNew)),
        requests: usageRequests(backend),
      };
    },
  },
];
