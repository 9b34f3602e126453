import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { refuseClient } from '../../src/server/refuse-client.js';
import { AppError } from '../../src/util/errors.js';
import { createLog } from '../../src/util/log.js';
import { createManualClock, type ManualClock } from '../support/clocks/manual-clock.js';

const reason = new AppError('configInvalid', 'there is no home');
const refused = '"error":{"code":-32603,"message":"there is no home","data":{"kind":"configInvalid"}}';

interface Refusal {
  readonly input: PassThrough;
  readonly clock: ManualClock;
  /** Resolves with the output when the client has been refused. */
  readonly written: Promise<string>;
}

function refuse(): Refusal {
  const clock = createManualClock();
  const [input, output] = [new PassThrough(), new PassThrough()];
  const log = createLog({ level: 'error', nowMs: () => 0, write: () => undefined });
  const done = refuseClient(reason, { input, output }, { clock, log });
  return { input, clock, written: done.then(() => text(output.end())) };
}

test('the first request gets the error, whatever it is, and the input may stay open', async () => {
  const { input, written } = refuse();
  input.write('{"method":"initialized"}\n{"id":"x","method":"no/such/method"}\n');
  expect(await written).toBe(`{${refused},"id":"x"}\n`);
});

test('a consume gets the error with a known outcome', async () => {
  const { input, written } = refuse();
  input.write(
    '{"id":1,"method":"account/rateLimitResetCredit/consume","params":{"idempotencyKey":"key-1"}}\n',
  );
  expect(await written).toContain('"data":{"kind":"configInvalid","outcomeKnown":true}},"id":1}');
});

test('a message that cannot be read is answered, and the next request gets the error', async () => {
  const { input, written } = refuse();
  input.write('no JSON\n{"id":1,"method":"initialize"}\n');
  const [first, second] = (await written).split('\n');
  expect(first).toMatch(/^\{"error":\{"code":-32700,/);
  expect(second).toBe(`{${refused},"id":1}`);
});

test('with Content-Length framing the error has a header', async () => {
  const { input, written } = refuse();
  const body = '{"jsonrpc":"2.0","id":1,"method":"initialize"}';
  input.write(`Content-Length: ${body.length}\r\n\r\n${body}`);
  expect(await written).toMatch(/^Content-Length: \d+\r\n\r\n\{"jsonrpc":"2\.0","error":\{.*\},"id":1\}$/);
});

test('without a request it ends with the input', async () => {
  const { input, written } = refuse();
  input.end();
  expect(await written).toBe('');
});

test('a last request without a newline is answered', async () => {
  const { input, written } = refuse();
  input.end('{"id":1,"method":"initialize"}');
  expect(await written).toBe(`{${refused},"id":1}\n`);
});

test('a client that sends nothing is not waited for longer than 2 s', async () => {
  const { clock, written } = refuse();
  await clock.untilSet(2_000);
  clock.fire(2_000);
  expect(await written).toBe('');
});
