import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { mounting, whyNotMounting } from '../../support/files/mounting.js';
import { attempt, type RedeemFixture, withRedeemers } from './fixture.js';

/** Returns the error of a call of `redeem`. */
function failureOf({ newClient }: RedeemFixture): Promise<unknown> {
  return newClient()
    .redeem()
    .catch((error: unknown) => error);
}

const whole = (changes: object) => (fixture: RedeemFixture) =>
  JSON.stringify({ version: 1, redemptions: [{ ...attempt(fixture.clock, {}), ...changes }] });

test.each<[what: string, textOf: (fixture: RedeemFixture) => string]>([
  ['an empty file', () => ''],
  ['incomplete JSON', (fixture) => whole({})(fixture).slice(0, 100)],
  ['null', () => 'null'],
  ['a list', () => '[]'],
  ['no version', () => '{"redemptions":[]}'],
  ['no attempts', () => '{"version":1}'],
  ['a state that is not known', whole({ state: 'done' })],
  ['a key that is not text', whole({ key: 1 })],
  ['no account', whole({ account: null })],
  ['invalid windows', whole({ windows: [{ slot: 'third' }] })],
])('nothing is sent if the journal has %s, and the journal is unchanged', async (_what, textOf) => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.writeJournal(textOf(fixture));
    const { journalPath } = fixture;
    expect(await failureOf(fixture)).toMatchObject({
      name: 'RedemptionError',
      kind: 'journalInvalid',
      message: `${journalPath} is broken: it may contain an open attempt; move it away once you know that none is open`,
    });
    await expect(fixture.newClient().redemptions()).rejects.toMatchObject({ kind: 'journalInvalid' });
    expect([fixture.consumed(), readFileSync(journalPath, 'utf8')]).toEqual([[], textOf(fixture)]);
  });
});

test('nothing is sent if the journal has a newer version, and the journal is unchanged', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.writeJournal('{"version":5,"attempts":{}}');
    expect(await failureOf(fixture)).toMatchObject({
      kind: 'journalNewer',
      message: `${fixture.journalPath} was written by a newer version of codex-account-server (format 5)`,
    });
    expect([fixture.consumed(), readFileSync(fixture.journalPath, 'utf8')]).toEqual([
      [],
      '{"version":5,"attempts":{}}',
    ]);
  });
});

test('nothing is sent if the journal cannot be read or written', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    mkdirSync(fixture.journalPath, { recursive: true });
    expect(await failureOf(fixture)).toMatchObject({
      kind: 'journalUnavailable',
      message: `${fixture.journalPath} cannot be read (EISDIR)`,
    });
    expect(fixture.consumed()).toEqual([]);
  });
  await withRedeemers('at-limit', async (fixture) => {
    fixture.writeJournal([]);
    chmodSync(fixture.journalPath, 0o400);
    expect(await failureOf(fixture)).toMatchObject({
      kind: 'journalUnavailable',
      message: `${fixture.journalPath} cannot be written (EACCES)`,
      redemption: null,
    });
    expect(fixture.consumed()).toEqual([]);
  });
});

test('nothing is sent if the folder of the journal is a file', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const folder = dirname(fixture.journalPath);
    writeFileSync(folder, '');
    expect(await failureOf(fixture)).toMatchObject({
      kind: 'journalUnavailable',
      message: `${folder} cannot be used (EEXIST)`,
    });
    expect(fixture.consumed()).toEqual([]);
  });
});

test('if the outcome cannot be written the error has it, and the next call repeats the key', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    fixture.backend.script('consume', () => {
      chmodSync(fixture.journalPath, 0o400);
      return undefined;
    });
    expect(await failureOf(fixture)).toMatchObject({
      kind: 'journalUnavailable',
      message: `${fixture.journalPath} cannot be written (EACCES); the state of the redemption (redeemed) is not recorded`,
      redemption: { state: 'redeemed' },
    });
    expect(fixture.journal().map(({ state }) => state)).toEqual(['sending']);
    chmodSync(fixture.journalPath, 0o600);
    fixture.backend.script('consume', undefined);
    expect(await fixture.newClient().redeem()).toMatchObject({ isRepeated: true });
    expect(new Set(fixture.consumed().map((body) => body.redeem_request_id)).size).toBe(1);
    expect(fixture.backend.ledger.creditIdByKey.size).toBe(1);
  });
});

const library = pathToFileURL('dist/client.mjs').href;

const redeeming = `
  import { createClient } from '${library}';
  const client = createClient({ clientInfo: { name: 'full', version: '1.0.0' } });
  const failure = await client.redeem().catch((error) => error);
  console.log(JSON.stringify([failure.kind, failure.message]));
  await client.close();
`;

test.skipIf(!mounting)(`on a full disk nothing is sent${whyNotMounting}`, async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const folder = dirname(fixture.journalPath);
    mkdirSync(folder);
    const full = 'mount -t tmpfs -o size=4k tmpfs "$1"; head -c 4096 /dev/zero > "$1/full"';
    const command = [...(mounting ?? []), 'sh', '-c', `${full}; exec "$2" --input-type=module -e "$3"`];
    const { PATH } = process.env;
    const child = spawn('env', [...command, 'sh', folder, process.execPath, redeeming], {
      env: {
        PATH,
        CODEX_HOME: fixture.codexHome,
        HOME: fixture.codexHome,
        ...devEnvironment(fixture.backend.url),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
    expect(JSON.parse(output)).toEqual([
      'journalUnavailable',
      `${fixture.journalPath} cannot be written (ENOSPC)`,
    ]);
    expect([fixture.consumed(), readdirSync(folder)]).toEqual([[], []]);
  });
});

test('the oldest finished attempts are dropped if there are more than five hundred, and open ones are not', async () => {
  await withRedeemers('at-limit', async (fixture) => {
    const finished = Array.from({ length: 510 }, (_each, index) =>
      attempt(fixture.clock, { key: `key-${index}`, state: 'noCredit' }),
    );
    const account = { accountId: 'other', userId: null };
    const open = attempt(fixture.clock, { key: 'open', state: 'unclear', account });
    fixture.writeJournal([open, ...finished]);
    fixture.clock.leap(1);
    const { redemption } = await fixture.newClient().redeem();
    expect(fixture.journal().map(({ key }) => key)).toEqual([
      'open',
      ...finished.slice(11).map(({ key }) => key),
      redemption.key,
    ]);
  });
});
