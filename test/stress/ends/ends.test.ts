import '../../support/processes/built-server.js';
import process from 'node:process';
import { expect, test } from 'vitest';
import { runEnd } from './run-end.mjs';

// `npm run lab -- ends` prints these rows and more, with their times.

const none = '0/0';
const one = '1/1';
/** A request that was sent, and whose reply the server did not take. */
const cut = '0/1';

type Row = readonly [
  end: string,
  state: string,
  exit: string,
  answered: string,
  refused: number,
  reads: string,
  consumes: string,
];

const alike: readonly Row[] = [
  ['end of input', 'before initialize', 'code 0', '1/1', 0, none, none],
  ['end of input', 'idle', 'code 0', '1/1', 0, none, none],
  ['end of input', 'read in flight', 'code 0', '2/2', 0, one, none],
  ['end of input', 'consume in flight', 'code 0', '2/2', 0, none, one],
  ['end of input', '100 queued', 'code 0', '103/103', 0, none, '2/2'],
  ['end of input', 'just written', 'code 0', '3/3', 0, one, one],
  ['stdout closed', 'idle', 'code 0', '1/1', 0, none, none],
  ['stdout closed', 'read in flight', 'code 0', '1/2', 0, cut, none],
  ['stdout closed', 'consume in flight', 'code 0', '1/2', 0, none, one],
  ['stdout closed', '100 queued', 'code 0', '2/103', 0, none, one],
  ['parent killed', 'before initialize', 'gone', '1/1', 0, none, none],
  ['parent killed', 'idle', 'gone', '1/1', 0, none, none],
  ['parent killed', 'consume in flight', 'gone', '1/2', 0, none, one],
  ['parent killed', '100 queued', 'gone', '2/103', 0, none, one],
];

const signals: readonly Row[] = [
  ['SIGTERM', 'before initialize', 'code 0', '1/1', 0, none, none],
  ['SIGTERM', 'idle', 'code 0', '1/1', 0, none, none],
  ['SIGTERM', 'read in flight', 'code 0', '2/2', 0, one, none],
  ['SIGTERM', 'consume in flight', 'code 0', '2/2', 0, none, one],
  ['SIGTERM', '100 queued', 'code 0', '103/103', 0, none, '2/2'],
  ['SIGTERM twice', 'read in flight', 'SIGTERM', '1/2', 0, cut, none],
  ['SIGTERM twice', 'consume hangs', 'SIGTERM', '1/2', 0, none, cut],
  ['SIGINT', 'idle', 'SIGINT', '1/1', 0, none, none],
  ['SIGINT', 'read in flight', 'SIGINT', '2/2', 1, cut, none],
  ['SIGINT', 'consume in flight', 'SIGINT', '2/2', 0, none, one],
  ['SIGINT', '100 queued', 'SIGINT', '103/103', 100, none, one],
  ['SIGINT', 'consume hangs', 'SIGINT', '1/2', 0, none, cut],
  ['SIGHUP', 'idle', 'SIGHUP', '1/1', 0, none, none],
  ['SIGHUP', 'consume in flight', 'SIGHUP', '2/2', 0, none, one],
  ['SIGHUP', 'consume hangs', 'SIGHUP', '1/2', 0, none, cut],
];

/** On Windows a signal of another program is TerminateProcess. */
const windowsSignals = ['SIGTERM', 'SIGINT'].flatMap((signal): Row[] => [
  [signal, 'before initialize', signal, '1/1', 0, none, none],
  [signal, 'idle', signal, '1/1', 0, none, none],
  [signal, 'consume hangs', signal, '1/2', 0, none, cut],
]);

test.concurrent.each([...alike, ...(process.platform === 'win32' ? windowsSignals : signals)])(
  '%s, %s: %s, answers %s',
  { timeout: 40_000 },
  async (end, state, exit, answered, refused, reads, consumes) => {
    const { answers, requests, ms: _ms, ...result } = await runEnd(end, state);
    expect({ ...result, answered: `${answers}/${requests}` }).toEqual({
      end,
      state,
      exit,
      answered,
      refused,
      reads,
      consumes,
      isEveryAnswerWhole: true,
    });
  },
);
