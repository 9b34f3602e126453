import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { readLimits } from '../methods.mjs';

// A server in front of a program that stands in for the real codex.

const standIn = fileURLToPath(new URL('../../support/processes/stand-in-codex.mjs', import.meta.url));
const ours = { departure: 'P', reason: 'codex passes nothing on' };
const usageOnly = { excludeResetCreditDetails: true };

/** Returns a function that opens a server with the stand-in behind it, and one that returns what that has seen. */
function inFront({ open, directory }) {
  const log = path.join(directory, 'upstream.log');
  return {
    openFront: (how = {}, after = []) =>
      open({
        after: ['--upstream', standIn, ...after],
        env: { PATH: process.env.PATH, STAND_IN: JSON.stringify(how), STAND_IN_LOG: log },
      }),
    seen() {
      const lines = fs.existsSync(log) ? fs.readFileSync(log, 'utf8').trimEnd().split('\n') : [];
      return lines.map((line) => JSON.parse(line));
    },
  };
}

const events = (seen, event) => seen.filter((entry) => entry.event === event);
const methodsOf = (seen) => events(seen, 'message').map(({ line }) => JSON.parse(line).method);

export default [
  {
    name: 'methods that are not ours go to the upstream, which the first one starts',
    promise: [
      'What goes where: any other method',
      'What goes where: A client that asks only account methods never starts it.',
    ],
    ...ours,
    run: async (context) => {
      const { openFront, seen } = inFront(context);
      const server = await openFront({}, ['-c', 'model="n"']);
      const { rateLimits } = await server.ask(readLimits, usageOnly);
      const before = events(seen(), 'start').length;
      const passed = await server.ask('thread/list', { limit: 3 });
      const refused = await server.ask('test/refuse', {});
      return {
        planType: rateLimits.planType,
        before,
        passed,
        refused,
        started: events(seen(), 'start').map(({ args }) => args),
        received: methodsOf(seen()),
      };
    },
  },
  {
    name: 'an answer of the client goes to the one that has asked, with its id',
    promise: 'What goes where: A request of the upstream to the client has an id of ours too',
    ...ours,
    run: async (context) => {
      const server = await inFront(context).openFront();
      const asked = await server.ask('test/ask', { number: 7 });
      const request = await server.received('item/tool/requestUserInput');
      server.send(`${JSON.stringify({ id: request.id, result: { text: 'yes' } })}\n`);
      const { params } = await server.received('test/answered');
      return { isOwnId: request.id !== asked.asked, params: request.params, answer: params.answer };
    },
  },
  {
    name: 'once the upstream runs it gets the logins, and our next read uses what it has stored',
    promise:
      'Logins and the upstream: Once it runs, logins, logouts and switches are its own, and our next read uses what it has stored.',
    ...ours,
    run: async (context) => {
      const { openFront, seen } = inFront(context);
      const server = await openFront();
      await server.ask('thread/list', {});
      await server.ask('account/login/start', { type: 'apiKey', apiKey: 'sk-passed-on' });
      const completed = await server.received('account/login/completed');
      const updated = await server.received('account/updated');
      return {
        received: methodsOf(seen()),
        completed: completed.params,
        updated: updated.params.authMode,
        now: (await server.ask('getAuthStatus', {})).authMethod,
      };
    },
  },
  {
    name: 'requests of an upstream that has ended fail, account methods go on, and the next request starts it again',
    promise: [
      'Failures: Every request that the upstream cannot answer fails with -32603 and kind `upstreamUnavailable`.',
      'Failures: After a crash, the next request starts it again.',
    ],
    ...ours,
    run: async (context) => {
      const { openFront, seen } = inFront(context);
      const server = await openFront();
      const died = await server.ask('test/die', {});
      const { rateLimits } = await server.ask(readLimits, usageOnly);
      const again = await server.ask('thread/list', {});
      return {
        died: died.error,
        planType: rateLimits.planType,
        again,
        starts: events(seen(), 'start').length,
      };
    },
  },
  {
    name: 'an upstream that cannot be started, refuses initialize or is another program is named',
    promise: 'Failures: the upstream codex cannot be started: CODE',
    ...ours,
    run: async (context) => {
      const failed = async (server) => {
        const { error } = await (await server).ask('thread/list', {});
        return [error.message, error.data.kind];
      };
      const { openFront } = inFront(context);
      const missing = path.join(context.directory, 'missing');
      return {
        missing: await failed(context.open({ after: ['--upstream', missing] })),
        ended: await failed(openFront({ exitCode: 3 })),
        refuses: await failed(openFront({ answer: 'error' })),
        writes: await failed(openFront({ garbage: 70_000 })),
      };
    },
  },
  {
    name: 'the stderr of the upstream goes to ours, and the end of a failed one into the error',
    promise: 'Limits: The stderr of the upstream goes to ours.',
    ...ours,
    run: async (context) => {
      const server = await inFront(context).openFront({
        exitCode: 3,
        stderr: 'it broke for someone@example.com\n',
      });
      const { error } = await server.ask('thread/list', {});
      await server.end();
      return { stderr: error.data.stderr, isOnOurs: server.stderr().includes('it broke for') };
    },
  },
  {
    name: 'at the end of the input everything is answered, and then the upstream is ended',
    promise: 'The end: At the end of the input and after SIGTERM, everything is answered first.',
    ...ours,
    run: async (context) => {
      const { openFront, seen } = inFront(context);
      const server = await openFront();
      await server.ask('thread/list', {});
      server.send(
        '{"id":1,"method":"thread/read","params":{}}\n{"id":2,"method":"account/read","params":{}}\n',
      );
      const { code } = await server.end();
      const answered = [1, 2].map((id) => server.messages.filter((message) => message.id === id).length);
      return { code, answered, ends: events(seen(), 'end').length };
    },
  },
];
