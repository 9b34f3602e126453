import { consume, readAccount, readLimits } from '../methods.mjs';
import { requestLine } from '../server-process.mjs';

const consumption = 'rate-limit-reset-credits/consume';
const consumeLine = (id, key = id) => requestLine(id, consume, JSON.stringify({ idempotencyKey: key }));
const status = (id) => requestLine(id, 'getAuthStatus', '{}');

export default [
  {
    name: 'account methods run one after the other, and consumes never overlap',
    promise: 'Order and concurrency: run one after the other, in the order of arrival',
    run: async ({ open, backend }) => {
      const server = await open();
      const release = backend.hold(consumption);
      server.send(
        consumeLine('one'),
        status('two'),
        requestLine('three', readAccount, '{}'),
        consumeLine('four'),
      );
      await backend.asked(consumption);
      const sentEarly = backend.requests.length;
      const early = server.answeredIds().slice(1);
      release();
      await server.answer('four');
      const consumes = backend.requests.filter(({ resource }) => resource === consumption);
      const sent = consumes.map(({ body }) => JSON.parse(body).redeem_request_id);
      return { early, sentEarly, then: server.answeredIds().slice(1), sent };
    },
  },
  {
    name: 'reads run concurrently with a consume and with each other',
    promise: 'Order and concurrency: The other reads run beside them and beside each other.',
    run: async ({ open, backend }) => {
      const server = await open();
      const release = backend.hold(consumption);
      const releaseUsage = backend.hold('usage');
      server.send(
        consumeLine('consume'),
        requestLine('one', readLimits, '{"excludeResetCreditDetails":true}'),
        requestLine('two', readLimits, '{"excludeResetCreditDetails":true,"supportsLunaReserve":true}'),
      );
      await backend.asked('usage', 2);
      releaseUsage();
      await Promise.all([server.answer('one'), server.answer('two')]);
      const early = server.answeredIds().slice(1).sort();
      release();
      await server.answer('consume');
      return early;
    },
  },
  {
    name: 'malformed and unknown requests are refused at once, an empty key in its turn',
    promise:
      'Order and concurrency: A request that is malformed, unknown or before `initialize` is refused at once.',
    run: async ({ open, backend }) => {
      const server = await open();
      const release = backend.hold(consumption);
      server.send(
        consumeLine('consume'),
        consumeLine('empty', ''),
        requestLine('params', readAccount, '5'),
        requestLine('method', 'nope'),
        requestLine('again', 'initialize', '{"clientInfo":{"name":"x","version":"1"}}'),
      );
      await server.answer('again');
      await backend.asked(consumption);
      const early = server.answeredIds().slice(1);
      release();
      await server.answer('empty');
      return { early, then: server.answeredIds().slice(1 + early.length) };
    },
  },
  {
    name: 'a request before initialize is refused at once, one after it is served',
    promise:
      'Order and concurrency: A request that is malformed, unknown or before `initialize` is refused at once.',
    run: async ({ start }) => {
      const server = start();
      server.send(
        status('early'),
        requestLine('initialize', 'initialize', '{"clientInfo":{"name":"x","version":"1"}}'),
        status('late'),
      );
      await server.answer('late');
      return server.answeredIds();
    },
  },
  {
    name: '2,000 requests in one write are all answered, once and in order',
    promise: 'Order and concurrency: no request is refused because of its number',
    departure: 'D16',
    run: async ({ open }) => {
      const server = await open();
      const count = 2000;
      server.send(Array.from({ length: count }, (_, id) => status(id)).join(''));
      await server.answer(count - 1);
      const ids = server.answeredIds().slice(1);
      return { count: ids.length, areInOrder: ids.every((id, index) => id === index) };
    },
  },
  {
    name: '600 reads are all answered, even if the backend is slow',
    promise: 'Order and concurrency: reading from stdin pauses',
    departure: 'D16',
    run: async ({ open, backend }) => {
      const server = await open();
      const release = backend.hold('usage');
      const count = 600;
      const params = '{"excludeResetCreditDetails":true}';
      server.send(Array.from({ length: count }, (_, id) => requestLine(id, readLimits, params)).join(''));
      await backend.asked('usage');
      server.send(status('last'));
      release();
      await server.answer('last');
      await Promise.all(Array.from({ length: count }, (_, id) => server.answer(id)));
      const kinds = new Set(server.messages.map((message) => Object.keys(message).join()));
      return {
        answered: new Set(server.answeredIds()).size,
        messages: server.messages.length,
        kinds: [...kinds],
      };
    },
  },
];
