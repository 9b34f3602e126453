import { answer, neverAnswered } from '../backend.mjs';
import { consume, readLimits } from '../methods.mjs';
import { clientInfo, requestLine } from '../server-process.mjs';

const consumption = 'rate-limit-reset-credits/consume';
const hello = requestLine(0, 'initialize', JSON.stringify({ clientInfo }));
const status = (id) => requestLine(id, 'getAuthStatus', '{}');
const consumeLine = (id) => requestLine(id, consume, JSON.stringify({ idempotencyKey: id }));

/** Returns how the process exited, the number of requests to the backend, and the responses with these ids. */
async function ending(server, backend, ids) {
  const exit = await server.exited;
  const answerTo = (id) => {
    const { result, error } = server.messages.find((message) => message.id === id) ?? {};
    return error ?? (result === undefined ? 'nothing' : (result.outcome ?? 'result'));
  };
  return { exit, answers: Object.fromEntries(ids.map((id) => [id, answerTo(id)])), sent: backend.seen() };
}

export default [
  {
    name: 'the server exits with 0 at the end of the input',
    promise: 'Exit codes: the input ended',
    run: async ({ start, open }) => ({
      atOnce: await start().end(),
      idle: await (await open()).end(),
    }),
  },
  {
    name: 'requests from a pipe are all executed and answered',
    promise: 'Starting the server: This prints the answers to 1 and 2.',
    departure: 'D7',
    run: async ({ start, backend }) => {
      const server = start();
      server.send(
        hello,
        '{"method":"initialized"}\n',
        requestLine('read', readLimits),
        consumeLine('consume'),
      );
      void server.end();
      return ending(server, backend, [0, 'read', 'consume']);
    },
  },
  {
    name: 'a read in flight at the end of the input is finished and answered',
    promise: 'How the server ends: every request that was read is carried out and answered',
    departure: 'D7',
    run: async ({ open, backend }) => {
      const server = await open();
      const release = backend.hold('usage');
      server.send(requestLine('read', readLimits, '{"excludeResetCreditDetails":true}'));
      await backend.asked('usage');
      void server.end();
      setTimeout(release, 100);
      return ending(server, backend, ['read']);
    },
  },
  {
    name: 'running and queued consumes at the end of the input are executed and answered',
    promise: 'How the server ends: every request that was read is carried out and answered',
    departure: 'D7',
    run: async ({ open, backend }) => {
      const server = await open();
      const release = backend.hold(consumption);
      server.send(consumeLine('one'), consumeLine('two'), status('three'));
      await backend.asked(consumption);
      void server.end();
      setTimeout(release, 100);
      return ending(server, backend, ['one', 'two', 'three']);
    },
  },
  {
    name: 'a last line without its newline is a line',
    promise: 'Line framing: The last line needs no newline.',
    departure: 'D7',
    run: async ({ open, backend }) => {
      const server = await open();
      server.send(status('last').trim());
      void server.end();
      return ending(server, backend, ['last']);
    },
  },
  {
    name: 'half a line at the end of the input is answered as a parse error',
    promise: 'Messages that cannot be read: not JSON',
    departure: 'D10',
    run: async ({ open, backend }) => {
      const server = await open();
      server.send('{"id":"half","method":"getAuth');
      void server.end();
      return ending(server, backend, ['half', null]);
    },
  },
  {
    name: 'SIGTERM ends an idle server with exit code 0',
    promise: 'How the server ends: An idle server exits at once.',
    run: async ({ open }) => (await open()).kill('SIGTERM'),
  },
  {
    name: 'a running consume is finished and answered on SIGTERM',
    promise: 'How the server ends: SIGTERM',
    departure: 'D7',
    run: async ({ open, backend }) => {
      const server = await open();
      const release = backend.hold(consumption);
      server.send(consumeLine('one'), consumeLine('two'));
      await backend.asked(consumption);
      void server.kill('SIGTERM');
      setTimeout(release, 100);
      return ending(server, backend, ['one', 'two']);
    },
  },
  {
    name: 'a second SIGTERM ends the server at once',
    promise: 'How the server ends: a second SIGTERM ends the process at once',
    departure: 'D7',
    run: async ({ open, backend }) => {
      const server = await open();
      backend.replies.usage = neverAnswered;
      server.send(requestLine('read', readLimits, '{"excludeResetCreditDetails":true}'));
      await backend.asked('usage');
      // A signal that is sent too soon after another may be merged with it.
      const timer = setInterval(() => void server.kill('SIGTERM'), 100);
      void server.exited.then(() => clearInterval(timer));
      return ending(server, backend, ['read']);
    },
  },
  {
    name: 'SIGINT and SIGHUP end an idle server',
    promise: 'How the server ends: SIGINT, SIGHUP',
    run: async ({ open }) => {
      const [one, other] = await Promise.all([open(), open()]);
      return [await one.kill('SIGINT'), await other.kill('SIGHUP')];
    },
  },
  {
    name: 'SIGINT aborts a read, but waits for a consume that was sent',
    promise: 'How the server ends: cancels everything except a sent consume',
    departure: 'D7',
    run: async ({ open, backend }) => {
      const server = await open();
      backend.replies.usage = neverAnswered;
      const release = backend.hold(consumption);
      server.send(requestLine('read', readLimits), consumeLine('sent'), consumeLine('waiting'));
      await Promise.all([backend.asked(consumption), backend.asked('usage')]);
      void server.kill('SIGINT');
      setTimeout(release, 500);
      const { exit, answers } = await ending(server, backend, ['read', 'sent', 'waiting']);
      return {
        exit,
        answers,
        sent: backend.requests.filter(({ resource }) => resource === consumption).length,
      };
    },
  },
  {
    name: 'closing stdout ends the server after a running consume',
    promise: 'How the server ends: starts nothing more, finishes a sent consume',
    departure: 'D7',
    run: async ({ open, backend }) => {
      const server = await open();
      const release = backend.hold(consumption);
      server.send(consumeLine('one'), consumeLine('two'));
      const { response } = await backend.asked(consumption);
      server.child.stdout.destroy();
      server.send(requestLine('nope', 'nope'));
      setTimeout(release, 500);
      await server.exited;
      return { exit: await server.exited, isFinished: response.writableFinished, sent: backend.seen() };
    },
  },
  {
    name: 'a client that does not read stderr changes nothing',
    promise: 'Logging: It does not matter whether it is read.',
    login: '{',
    run: async ({ open }) => {
      const server = await open();
      server.child.stderr.destroy();
      const refused = await server.ask(readLimits);
      return { refused: refused.error.message, later: await server.ask('getAuthStatus', {}) };
    },
  },
  {
    name: '30 s after the end of the input, waiting requests are refused',
    promise: 'How the server ends: After 30 s, open requests are answered `server is shutting down`',
    departure: 'D7',
    mostlyWaits: true,
    limitMs: 45_000,
    run: async ({ open, backend }) => {
      const server = await open();
      // The first takes 2 s and the next three their whole limit, so the fourth is in flight at the end of the 30 s.
      backend.replies[consumption] = (_request, response) => {
        backend.replies[consumption] = neverAnswered;
        setTimeout(() => answer(response, { body: { code: 'reset' } }), 2000);
      };
      const ids = ['one', 'two', 'three', 'four', 'five'];
      server.send(...ids.map(consumeLine));
      void server.end();
      return ending(server, backend, ids);
    },
  },
];
