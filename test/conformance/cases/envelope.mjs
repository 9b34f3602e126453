import { consume, readAccount, readLimits } from '../methods.mjs';
import { requestLine } from '../server-process.mjs';

const idText = ({ raw }) => /"id":(.*?)(?:,"result".*)?\}$/.exec(raw)[1];
const statusWith = (members) => `{"id":1,"method":"getAuthStatus","params":{}${members}}\n`;

export default [
  {
    name: 'an answer is one compact line with its members in the recorded order',
    promise: 'Line framing: Each message is one JSON value on one line',
    login: 'none',
    run: async ({ open }) => {
      const server = await open();
      await server.probe(
        requestLine(1, 'getAuthStatus', '{"includeToken":true}'),
        requestLine(2, 'account/nope'),
      );
      await server.ask(readAccount, {});
      // A refusal does not wait for earlier requests.
      const [, ...answers] = server.messages;
      const result = answers.find((answer) => 'result' in answer);
      const error = answers.find((answer) => 'error' in answer);
      return {
        result: result.raw,
        error: [Object.keys(error), Object.keys(error.error).slice(0, 2)],
        odd: server.messages.filter(({ raw }) => raw !== raw.trim() || 'jsonrpc' in JSON.parse(raw)).length,
        unfinished: server.unfinished(),
      };
    },
  },
  {
    name: 'jsonrpc, unknown members, the order of members, white space and escapes make no difference',
    promise: 'Ids and envelopes: `jsonrpc` may be there; with line framing it is never sent.',
    login: 'none',
    run: async ({ open }) =>
      (await open()).probes({
        version: statusWith(',"jsonrpc":"2.0"'),
        oddVersion: statusWith(',"jsonrpc":2'),
        unknown: statusWith(',"extra":{"id":9},"meta":null'),
        order: '{"params":{},"method":"getAuthStatus","id":2}\n',
        blanks: ' {"id" :\t3 ,\r "method" : "getAuthStatus" , "params":{ } }  \n',
        escapes: '{"i\\u0064":4,"method":"getAuth\\u0053tatus","params":{}}\n',
        result: statusWith(',"result":{},"error":{"code":1,"message":"m"}'),
        trace: statusWith(',"trace":{"traceparent":"00-1-2-01","tracestate":null,"more":1}'),
        noTrace: statusWith(',"trace":null'),
      }),
  },
  {
    name: 'ids are returned unchanged, integers digit by digit',
    promise: 'Ids and envelopes: An id is a string or a 64-bit integer and comes back digit by digit.',
    login: 'none',
    run: async ({ open }) => {
      const server = await open();
      const integers = ['0', '-1', '9007199254740993', '9223372036854775807', '-9223372036854775808'];
      const lines = integers.map((id) => `{"id":${id},"method":"getAuthStatus","params":{}}\n`);
      const texts = ['abc', '', '1', 'null', 'é\u0000\n"\\', '😀', 'a/b', 'x'.repeat(300)];
      const answers = await server.probe(...texts.map((id) => requestLine(id, 'getAuthStatus', '{}')));
      return { integers: (await server.probe(...lines)).map(idText), texts: answers.map(({ id }) => id) };
    },
  },
  {
    name: 'a request whose id is neither string nor 64-bit integer is refused and not executed',
    promise: 'Messages that cannot be read: Every bad message gets one answer',
    departure: 'D10',
    run: async ({ open, backend }) => {
      const ids = ['null', 'true', '1.5', '1.0', '1e3', '[]', '{}', '9223372036854775808'];
      const line = (id) => `{"id":${id},"method":"${consume}","params":{"idempotencyKey":"key"}}\n`;
      const server = await open();
      const answers = await server.probes(Object.fromEntries(ids.map((id) => [id, line(id)])));
      return { answers, sent: backend.seen() };
    },
  },
  {
    name: 'an id that is used twice at the same time is answered twice',
    promise: 'Ids and envelopes: Two open requests may have the same id: each is answered.',
    run: async ({ open, backend }) => {
      const server = await open();
      const release = backend.hold('usage');
      server.send(requestLine(7, readLimits), requestLine(7, 'getAuthStatus', '{}'), requestLine(7, 'nope'));
      await server.answer(7, 2);
      release();
      await server.answer(7, 3);
      const kindOf = ({ result, error }) =>
        error?.code ?? ['authMethod', 'rateLimits'].find((key) => key in result);
      return server.messages
        .filter(({ id }) => id === 7)
        .map(kindOf)
        .toSorted();
    },
  },
  {
    name: 'unknown methods are refused with any name and params',
    promise: 'Methods: Other methods of codex are refused with `unsupported`.',
    login: 'none',
    run: async ({ open }) => {
      const names = [
        '',
        'GetAuthStatus',
        ' account/read',
        'a`b"\\',
        'a\nb',
        'é😀',
        'rpc.discover',
        'shutdown',
      ];
      const lines = names.map((name) => [JSON.stringify(name), requestLine(1, name, '5')]);
      return (await open()).probes(Object.fromEntries(lines));
    },
  },
  {
    name: 'a message that is not a request is refused, with its id if one can be read',
    promise: 'Messages that cannot be read: its `id` is null if no id can be read',
    departure: 'D10',
    login: 'none',
    run: async ({ open }) =>
      (await open()).probes({
        noMethod: '{"id":1}\n',
        nothing: '{}\n',
        wrongCase: '{"id":"x","Method":"getAuthStatus"}\n',
        numberAsMethod: '{"id":2,"method":5}\n',
        nullAsMethod: '{"method":null,"id":3}\n',
        batch: '[{"id":1,"method":"getAuthStatus","params":{}},{"id":2,"method":"nope"}]\n',
        emptyBatch: '[]\n',
        number: '5\n',
        text: '"getAuthStatus"\n',
        null: 'null\n',
        idTwice: statusWith(',"id":2'),
        methodTwice: statusWith(',"method":"nope"'),
        paramsTwice: statusWith(',"params":{}'),
        textAsTrace: statusWith(',"trace":"00-1"'),
        oddTrace: statusWith(',"trace":{"traceparent":5}'),
      }),
  },
  {
    name: 'notifications and unexpected responses are ignored',
    promise: 'Ids and envelopes: An answer to a request that is not open is ignored.',
    run: async ({ open, backend }) => {
      const server = await open();
      const answers = await server.probes({
        unknown: '{"method":"nope/nope"}\n',
        empty: '{"method":""}\n',
        exit: '{"method":"exit"}\n',
        result: '{"id":77,"result":{}}\n',
        error: '{"id":"x","error":{"code":1,"message":"m"}}\n',
        noId: '{"result":null}\n',
        consume: `{"method":"${consume}","params":{"idempotencyKey":"key"}}\n`,
        read: `{"method":"${readLimits}"}\n`,
      });
      return { answers, sent: backend.seen() };
    },
  },
];
