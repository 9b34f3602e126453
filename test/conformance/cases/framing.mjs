import { consume, readLimits } from '../methods.mjs';
import { clientInfo, framed, requestLine } from '../server-process.mjs';

const status = (id, params = '{}') => requestLine(id, 'getAuthStatus', params);
const nested = (depth) => status(1, `{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`);
const megabytes = (count) => 'a'.repeat(count * 1024 * 1024);

/** Returns an initialized server that uses headers. */
async function openWithHeaders(start) {
  const server = start({ framing: 'headers' });
  await server.initialize();
  return server;
}

export default [
  {
    name: 'only LF ends a line, blank lines are ignored, and so is white space around a message',
    promise: 'Line framing: Only a line feed ends a line',
    login: 'none',
    run: async ({ open }) => {
      const server = await open();
      const ids = ['a\u2028b', 'a\u0085b', 'a\u007fb'];
      const odd = await server.probe(...ids.map((id) => status(id).replace(',', ',\r')));
      const blank = await server.probes({
        empty: '\n\n\n',
        blank: '   \n\t\n \r\n',
        around: ` \t${status(1).trim()} \t\n`,
        crlf: status(2).replace('\n', '\r\n'),
        twice: status(3).replace('\n', '\r\r\n'),
      });
      return { odd: odd.map(({ id, raw }) => [id, raw.includes(id)]), blank };
    },
  },
  {
    name: 'the chunks of the bytes and the number of messages in one write make no difference',
    promise: 'Line framing: in UTF-8',
    login: 'none',
    run: async ({ open }) => {
      const server = await open();
      for (const byte of Buffer.from(status('é😀') + status('two'))) {
        server.send(Buffer.of(byte));
        await new Promise(setImmediate);
      }
      server.send(Array.from({ length: 100 }, (_, id) => status(id)).join(''));
      await server.answer(99);
      const [, ...ids] = server.answeredIds();
      return { cut: ids.slice(0, 2), isWhole: ids.slice(2).join() === [...Array(100).keys()].join() };
    },
  },
  {
    name: 'a byte order mark is skipped',
    promise: 'Line framing: a byte order mark at the start of a line',
    departure: 'D10',
    login: 'none',
    run: async ({ start }) => {
      const server = start();
      server.send('\ufeff', requestLine(1, 'initialize', JSON.stringify({ clientInfo })));
      const { error } = await server.answer(1);
      return { error, later: await server.probe('\ufeff', status(2)) };
    },
  },
  {
    name: 'a line that is not JSON, not UTF-8 or nested too deep is answered, and the next one is read',
    promise: 'Messages that cannot be read: not JSON, not UTF-8',
    departure: 'D10',
    login: 'none',
    run: async ({ open }) =>
      (await open()).probes({
        word: 'hello\n',
        cut: '{"id":1,"method":\n',
        comma: '{"id":1,"method":"getAuthStatus","params":{},}\n',
        comment: `${status(1).trim()} // why\n`,
        twoValues: `${status(1).trim()}${status(2)}`,
        pretty: '{\n"id":1\n}\n',
        notANumber: status(1, '{"x":NaN}'),
        leadingZero: '{"id":01,"method":"getAuthStatus"}\n',
        control: '{"id":"a\tb","method":"getAuthStatus"}\n',
        loneSurrogate: status(1, '{"x":"\\ud800"}'),
        nul: '\u0000\n',
        formFeed: `\f${status(1)}`,
        notUtf8: Buffer.concat([Buffer.from('{"id":"'), Buffer.of(0xff), Buffer.from('"}\n')]),
        cutCharacter: Buffer.of(0xc3, 0x0a),
        deep: nested(126),
        veryDeep: nested(100_000),
      }),
  },
  {
    name: 'long lines are read, and a value in params may nest 125 levels',
    promise: 'Message limits: nest 127 levels deep',
    login: 'none',
    run: async ({ open }) => {
      const server = await open();
      const objects = status(2, `{"x":${'{"a":'.repeat(125)}1${'}'.repeat(125)}}`);
      const long = status(3, `{"x":"${megabytes(16)}"}`);
      const read = await server.probe(nested(125), objects, long, status(megabytes(1)));
      const [refused] = await server.probe(status(4, `{"includeToken":"${megabytes(1)}"}`));
      return { read: read.map(({ id }) => String(id).length), refused: refused.error.message.length };
    },
  },
  {
    name: 'a line above 64 MiB is refused and the next one is read',
    promise: 'Message limits: a message that is too long is skipped',
    departure: 'P',
    reason: 'a line of any length is held in memory',
    login: 'none',
    run: async ({ open }) => (await open()).probe(status(1, `{"x":"${megabytes(65)}"}`), status(2)),
  },
  {
    name: 'headers: the same answers, with jsonrpc',
    promise: 'Content-Length framing: answers have `jsonrpc: "2.0"`',
    departure: 'D17',
    run: async ({ start }) => {
      const server = await openWithHeaders(start);
      server.send('Content-Length: 4\r\n\r\nnope', framed({ id: 'é', method: 'getAuthStatus', params: {} }));
      await server.answer('é');
      server.send(framed({ id: 2, method: 'nope' }));
      await server.answer(2);
      await server.end();
      return { messages: server.messages, unfinished: server.unfinished() };
    },
  },
  {
    name: 'headers: other headers, any letter case, and any chunks',
    promise: 'Content-Length framing: Other headers are ignored.',
    departure: 'D17',
    login: 'none',
    run: async ({ start }) => {
      const server = start({ framing: 'headers' });
      const body = JSON.stringify({
        id: 1,
        method: 'initialize',
        params: { clientInfo: { name: 'é', version: '1' } },
      });
      const length = Buffer.byteLength(body);
      const type = 'Content-Type: application/vscode-jsonrpc; charset=utf-8';
      const bytes = Buffer.from(`content-LENGTH: ${length}\r\n${type}\r\n\r\n${body}`);
      for (const byte of bytes) {
        server.send(Buffer.of(byte));
        await new Promise(setImmediate);
      }
      return (await server.answer(1)).result.userAgent;
    },
  },
  {
    name: 'headers: $/cancelRequest ends a read, but not a consume',
    promise: 'Content-Length framing: `$/cancelRequest` ends a read with -32800',
    departure: 'D17',
    run: async ({ start, backend }) => {
      const server = await openWithHeaders(start);
      const releases = [backend.hold('usage'), backend.hold('rate-limit-reset-credits/consume')];
      server.send(
        framed({ id: 'read', method: readLimits }),
        framed({ id: 'consume', method: consume, params: { idempotencyKey: 'key' } }),
      );
      await Promise.all([backend.asked('usage'), backend.asked('rate-limit-reset-credits/consume')]);
      for (const id of ['read', 'consume'])
        server.send(framed({ method: '$/cancelRequest', params: { id } }));
      const read = await server.answer('read');
      for (const release of releases) release();
      return { read, consume: await server.answer('consume') };
    },
  },
  {
    name: 'lines: $/cancelRequest is ignored',
    promise: 'Line framing: `$/cancelRequest` among them, are accepted and have no effect',
    run: async ({ open, backend }) => {
      const server = await open();
      const release = backend.hold('usage');
      server.send(requestLine('read', readLimits));
      await backend.asked('usage');
      await server.probe('{"method":"$/cancelRequest","params":{"id":"read"}}\n');
      release();
      return Object.keys(await server.answer('read'));
    },
  },
];
