import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';

test.each([
  ['blanks', '" \\t "', ' \t '],
  ['text beyond ASCII', '"né😀\u2028\ufeff"', 'né😀\u2028\ufeff'],
  ['control characters', String.raw`"\u0000\u0001\n\u007f"`, '\0\u0001\n\u007f'],
  ['escapes without need', String.raw`"\u0061\/\ud83d\ude00"`, 'a/😀'],
  ['quotes and backslashes', String.raw`"\"\\u0061'"`, String.raw`"\u0061'`],
  ['a decomposed letter', '"e\u0301"', 'e\u0301'],
  ['10 kB', `"${'k'.repeat(10_240)}"`, 'k'.repeat(10_240)],
])('a key and a credit id of %s are sent unchanged', (_what, json, text) =>
  withAccount({}, async ({ server, backend }) => {
    await server.ask(
      `{"id":"x","method":"account/rateLimitResetCredit/consume","params":{"creditId":${json},"idempotencyKey":${json}}}`,
    );
    expect(backend.requests.map(({ body }) => body)).toEqual([
      JSON.stringify({ redeem_request_id: text, credit_id: text }),
    ]);
  }),
);

test.each([
  ['absent', ''],
  ['null', ',"creditId":null'],
])('a credit id that is %s is not sent', (_what, member) =>
  withAccount({}, async ({ server, backend }) => {
    await server.ask(
      `{"id":"x","method":"account/rateLimitResetCredit/consume","params":{"idempotencyKey":"key-1"${member}}}`,
    );
    expect(backend.requests.map(({ body }) => body)).toEqual(['{"redeem_request_id":"key-1"}']);
  }),
);
