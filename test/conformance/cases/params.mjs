import { consume, readAccount, readLimits } from '../methods.mjs';
import { requestLine } from '../server-process.mjs';

const whole = ['{}', '[]', '"x"', '5', '-3', '1.5', 'true', '{"unknown":1}'];
const kinds = ['null', 'true', '0', '-1', '1.5', '18446744073709551615', '"x"', '[1]', '{"a":1}'];

/** Sends one line for each params text; undefined omits params. */
const linesOf = (method, texts) =>
  Object.fromEntries(texts.map((text) => [text ?? 'absent', requestLine(1, method, text)]));
const member = (name, rest = '') => kinds.map((kind) => `{${rest}"${name}":${kind}}`);

export default [
  {
    name: 'account/read needs no params',
    promise: 'Parameters: `params` may be left out or null for methods whose members are all optional',
    departure: 'D1',
    login: 'none',
    run: async ({ open }) => (await open()).probes(linesOf(readAccount, [undefined, 'null'])),
  },
  {
    name: 'params are an object, and may be left out of account/rateLimits/read',
    promise: 'Parameters: `params` is an object.',
    login: 'none',
    run: async ({ open }) => {
      const server = await open();
      return {
        account: await server.probes(linesOf(readAccount, whole)),
        status: await server.probes(linesOf('getAuthStatus', [undefined, 'null', ...whole.slice(2)])),
        limits: await server.probes(linesOf(readLimits, [undefined, 'null', ...whole])),
      };
    },
  },
  {
    name: 'consume needs an object with a key, and neither key nor credit id may be empty',
    promise: 'account/rateLimitResetCredit/consume: neither may be empty',
    run: async ({ open, backend }) => {
      const empty = [
        '{"idempotencyKey":""}',
        '{"idempotencyKey":"","creditId":""}',
        '{"idempotencyKey":"k","creditId":""}',
      ];
      const answers = await (await open()).probes(linesOf(consume, [undefined, 'null', ...whole, ...empty]));
      return { answers, sent: backend.seen() };
    },
  },
  {
    name: 'a member of the wrong type and an empty key are named before the login is checked',
    promise: 'error.data: the parameter that is wrong, as a dotted path',
    login: 'none',
    run: async ({ open }) => {
      const server = await open();
      return {
        flag: await server.probes(linesOf(readLimits, member('supportsLunaReserve'))),
        otherFlag: await server.probes(linesOf(readLimits, member('excludeResetCreditDetails'))),
        nullableFlag: await server.probes(linesOf('getAuthStatus', member('includeToken'))),
        emptyKey: await server.ask(consume, { idempotencyKey: '' }),
        text: await server.probes(linesOf(consume, member('idempotencyKey'))),
        nullableText: await server.probes(linesOf(consume, member('creditId', '"idempotencyKey":"key",'))),
      };
    },
  },
  {
    name: 'a refused text is quoted; the first wrong member is named, or a missing one if the others are right',
    promise: 'Parameters: `error.data.member` names the member',
    login: 'none',
    run: async ({ open }) => {
      const texts = ['é', 'a"b', "it's", 'a\\b', 'a\nb\t\r', '\u0000\u0001', '😀', '\u200b'];
      const server = await open();
      const refused = await Promise.all(texts.map((text) => server.ask(readAccount, { refreshToken: text })));
      const order = linesOf(consume, [
        '{"creditId":5,"idempotencyKey":true}',
        '{"idempotencyKey":true,"creditId":5}',
        '{"creditId":5}',
        '{"creditId":"c"}',
      ]);
      return { quoted: refused.map(({ error }) => error.message), order: await server.probes(order) };
    },
  },
  {
    name: 'unknown members are ignored, the last of two counts, and an array is read in the order of the members',
    promise: 'Parameters: the last of two equal members counts',
    login: 'none',
    run: async ({ open }) => {
      const server = await open();
      const read = [
        '{"x":{"y":[1,{"z":null}]},"refresh_token":5,"RefreshToken":5,"":null}',
        '{"__proto__":{"refreshToken":5},"constructor":1}',
        '{"refreshToken":5,"refreshToken":true}',
        '{"refreshToken":true,"refreshToken":5}',
        ...['[true]', '[null]', '[false,1]'],
      ];
      const lists = ['["k"]', '["k",null]', '["k",5]', '["k","c","d"]', '[null]'];
      return {
        read: await server.probes(linesOf(readAccount, read)),
        consume: await server.probes(linesOf(consume, lists)),
      };
    },
  },
];
