import { readAccount, readLimits, consume } from '../methods.mjs';
import { clientInfo, requestLine } from '../server-process.mjs';

const initializeWith = (params) => requestLine(1, 'initialize', JSON.stringify(params));
const named = (name) => initializeWith({ clientInfo: { name, version: '1' } });

export default [
  {
    name: 'initialize returns the user agent, CODEX_HOME and the platform',
    promise: 'initialize',
    run: async ({ start }) => start().initialize(),
  },
  {
    name: 'the user agent names the terminal, and another originator if one is set',
    promise: 'initialize: `CODEX_INTERNAL_ORIGINATOR_OVERRIDE` replaces the first client name in it.',
    run: async ({ start }) => {
      const agent = async (env) => (await start({ env }).initialize()).userAgent;
      return {
        program: await agent({ TERM: 'xterm', TERM_PROGRAM: 'Editor', TERM_PROGRAM_VERSION: '1.2' }),
        originator: await agent({ TERM: 'dumb', CODEX_INTERNAL_ORIGINATOR_OVERRIDE: 'other' }),
      };
    },
  },
  {
    name: 'a request before initialize is refused after the checks of method and params, and nothing is sent',
    promise: 'Error kinds: a request before `initialize`',
    run: async ({ start, backend }) => {
      const server = start();
      const refused = [
        await server.ask(readAccount, {}),
        await server.ask('getAuthStatus', {}),
        await server.ask(readLimits),
        await server.ask(consume, { idempotencyKey: 'key' }),
        await server.ask('account/nope', {}),
        await server.ask(readAccount, 5),
      ];
      return { refused, sent: backend.seen(), then: await server.initialize() };
    },
  },
  {
    name: 'the initialized notification is optional and may be repeated',
    promise: 'Ids and envelopes: The `initialized` notification is optional.',
    run: async ({ open }) => {
      const server = await open();
      const before = await server.ask('getAuthStatus', {});
      const notified = await server.probe(
        '{"method":"initialized"}\n',
        '{"method":"initialized","params":{"x":1}}\n',
      );
      return { before, notified, withId: await server.ask('initialized') };
    },
  },
  {
    name: 'the backend sees the user agent of initialize; a second initialize is refused and changes nothing',
    promise: 'initialize: A second `initialize` is refused and changes nothing.',
    run: async ({ start, backend }) => {
      const server = start();
      const { userAgent } = await server.initialize({ clientInfo: { name: 'my app ü', version: '2 beta' } });
      const second = await server.initialize();
      const malformed = await server.ask('initialize', {});
      await server.ask(readLimits, { excludeResetCreditDetails: true });
      const sent = Buffer.from(backend.requests[0].headers['user-agent'], 'latin1').toString('utf8');
      return { userAgent, second, malformed, isSent: sent === userAgent };
    },
  },
  {
    name: 'initialize refuses invalid params and a name that is not valid in a header, and may be repeated',
    promise: 'initialize: A name that no HTTP header can carry is refused',
    run: async ({ start }) => {
      const params = [
        ...[undefined, 'null', '{}', '5', '"x"', '{"clientInfo":null}', '{"clientInfo":{}}'],
        '{"clientInfo":{"name":"a"}}',
        '{"clientInfo":{"name":"a","version":1}}',
        '{"clientInfo":{"name":"a","title":5,"version":"1"}}',
        '{"clientInfo":{"name":"a","version":"1"},"capabilities":5}',
        '{"clientInfo":{"name":"a","version":"1"},"capabilities":{"experimentalApi":null}}',
        '{"clientInfo":{"name":"a","version":"1"},"capabilities":{"optOutNotificationMethods":[1]}}',
        '{"clientInfo":{"name":"a","version":"1"},"capabilities":{"extensions":[]}}',
      ];
      const lines = params.map((text) => [text ?? 'absent', requestLine(1, 'initialize', text)]);
      const server = start();
      const names = { newline: named('a\nb'), nul: named('a\u0000b'), delete: named('a\u007fb') };
      const refused = await server.probes({ ...Object.fromEntries(lines), ...names });
      return { refused, then: await server.initialize({ clientInfo: { name: 'a\tb', version: 'x\ny' } }) };
    },
  },
  {
    name: 'capabilities may be null or have unknown members',
    promise: 'initialize',
    run: async ({ start }) => {
      const capabilities = [
        null,
        { experimentalApi: true, optOutNotificationMethods: null, extensions: { 'x/y': {} }, other: 1 },
      ];
      const answers = capabilities.map((value) => start().initialize({ clientInfo, capabilities: value }));
      return (await Promise.all(answers)).map(({ codexHome }) => codexHome);
    },
  },
  {
    name: 'notifications that the client has opted out of are not sent; the name must be exact',
    promise: 'Notifications: A client opts out by `optOutNotificationMethods`',
    login: 'none',
    run: async ({ start }) => {
      const sent = {};
      for (const unwanted of [['account/updated'], ['account/*', 'account/Updated']]) {
        const server = start();
        const capabilities = { optOutNotificationMethods: unwanted };
        await server.initialize({ clientInfo, capabilities });
        await server.ask('account/login/start', { type: 'apiKey', apiKey: 'sk-new' });
        await server.received('account/login/completed');
        await server.ask('getAuthStatus', {});
        const methods = server.messages.map(({ method }) => method);
        sent[unwanted] = methods.filter((method) => method?.startsWith('account/'));
      }
      return sent;
    },
  },
  {
    name: 'initialize, initialized and a read may come in one write',
    promise: 'Starting the server: This prints the answers to 1 and 2.',
    run: async ({ start }) => {
      const server = start();
      const lines = [
        initializeWith({ clientInfo }),
        '{"method":"initialized"}\n',
        requestLine(2, readLimits, 'null'),
      ];
      server.send(lines.join(''));
      await server.answer(2);
      return server.answeredIds();
    },
  },
  {
    name: 'nothing is written to stdout except answers, and nothing is sent unasked',
    promise: 'Endpoints: Nothing is sent that no method asked for',
    departure: 'D19',
    run: async ({ start, backend }) => {
      const server = start();
      server.send('{"method":"initialized"}\n{"method":"initialize"}\n');
      await server.initialize();
      server.send('{"method":"initialized"}\n');
      await server.ask(readAccount, {});
      await server.end();
      return { messages: server.messages.length, sent: backend.seen() };
    },
  },
];
