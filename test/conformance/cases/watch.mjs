import { usageBody, windowOf } from '../backend.mjs';
import { readLimits } from '../methods.mjs';
import { clientInfo } from '../server-process.mjs';
import { chatgptLogin, idToken, writeLogin } from '../codex-home.mjs';

const watch = 'account/rateLimits/watch';
const unwatch = 'account/rateLimits/unwatch';
const updated = 'account/rateLimits/updated';
const ours = { departure: 'P', reason: 'these methods are ours' };

const usedPercent = (used) => ({
  body: {
    ...usageBody,
    rate_limit: { ...usageBody.rate_limit, primary_window: windowOf(300, used, 1_900_000_000) },
  },
});

/** Returns the notifications of the server. */
const notificationsOf = ({ messages }) =>
  messages.filter(({ id, method }) => id === undefined && method === updated).map(({ params }) => params);

export default [
  {
    ...ours,
    name: 'the answer has the interval that is used',
    promise: 'account/rateLimits/watch: The interval is 60 s unless given, between 15 and 3600 s',
    run: async ({ open }) => {
      const server = await open();
      const intervals = { usual: {}, none: { intervalSecs: null }, short: 1, long: 86_400, own: 120 };
      const seen = {};
      for (const [name, interval] of Object.entries(intervals)) {
        const params = typeof interval === 'number' ? { intervalSecs: interval } : interval;
        seen[name] = await server.ask(watch, params);
      }
      return { ...seen, wrong: await server.ask(watch, { intervalSecs: 'often' }) };
    },
  },
  {
    ...ours,
    name: 'unwatch ends the watch, and may be sent at any time',
    promise: 'account/rateLimits/unwatch: Ends the watch, if there is one.',
    run: async ({ open, backend }) => {
      const server = await open();
      const early = await server.ask(unwatch);
      await server.ask(watch);
      await backend.asked('usage');
      return { early, ended: await server.ask(unwatch, {}), again: await server.ask(unwatch, {}) };
    },
  },
  {
    ...ours,
    name: 'a limit that differs from the client’s last read is sent, complete; credits are not requested',
    promise: 'account/rateLimits/updated: for each limit that differs from what the client knows',
    run: async ({ open, backend }) => {
      const server = await open();
      await server.ask(readLimits, { excludeResetCreditDetails: true });
      backend.replies.usage = usedPercent(43);
      await server.ask(watch);
      const { emittedAtMs, params } = await server.received(updated);
      return { params, emittedAtMs: typeof emittedAtMs, asked: backend.seen() };
    },
  },
  {
    ...ours,
    name: 'the first read of a watch sends nothing if the client has read nothing, a second watch sends changes',
    promise: 'account/rateLimits/updated: or else from the first read of the watch, which sends nothing',
    run: async ({ open, backend }) => {
      const server = await open();
      await server.ask(watch);
      await backend.asked('usage');
      // Its response has been read when a later read of the client, which may share it, gets its own response.
      await server.ask(readLimits, { excludeResetCreditDetails: true });
      const first = notificationsOf(server);
      backend.replies.usage = usedPercent(43);
      await server.ask(watch);
      await server.received(updated);
      return {
        first,
        second: notificationsOf(server).map(({ rateLimits }) => rateLimits.primary.usedPercent),
      };
    },
  },
  {
    ...ours,
    name: 'nothing is read for a client that has opted out of the notification',
    promise: 'account/rateLimits/watch: If the client has opted out of the notification, nothing is read.',
    run: async ({ start, backend }) => {
      const server = start();
      await server.initialize({ clientInfo, capabilities: { optOutNotificationMethods: [updated] } });
      const answer = await server.ask(watch);
      await server.ask('getAuthStatus', {});
      return { answer, exit: await server.end(), asked: backend.seen() };
    },
  },
  {
    ...ours,
    name: 'a watch does not keep the server running, and works on a read-only server',
    promise: 'account/rateLimits/watch: it does not keep the process alive',
    run: async ({ open, backend }) => {
      const server = await open({ after: ['--read-only'] });
      const answer = await server.ask(watch);
      await backend.asked('usage');
      return { answer, exit: await server.end() };
    },
  },
  {
    ...ours,
    name: 'several watches of one login send the requests of one',
    promise: 'How often to read: Both share their reads with every other program that uses this login',
    run: async ({ open, home, backend }) => {
      const id_token = idToken({ chatgpt_user_id: 'user-1' });
      writeLogin(home, chatgptLogin({ account_id: 'account-1', id_token }));
      const servers = [await open(), await open()];
      for (const server of servers) {
        await server.ask(watch, { progress: true });
        await server.received(updated);
      }
      return { asked: backend.seen() };
    },
  },
  {
    ...ours,
    name: 'a watch reports its first failure, and with progress the time of the next read',
    promise: 'account/rateLimits/watchFailed: fails, once for each [kind](#error-kinds) in a row',
    run: async ({ open, backend }) => {
      const server = await open();
      backend.replies.usage = { status: 404, body: {} };
      await server.ask(watch);
      const { params, emittedAtMs } = await server.received('account/rateLimits/watchFailed');
      const { nextReadAt, ...others } = params;
      backend.replies.usage = usedPercent(42);
      await server.ask(watch, { progress: true });
      const after = (await server.received(updated)).params;
      return {
        others,
        // Twice the interval, and up to a tenth of it.
        isLater: nextReadAt * 1000 - emittedAtMs >= 119_000,
        nextReadAt: typeof after.nextReadAt,
      };
    },
  },
];
