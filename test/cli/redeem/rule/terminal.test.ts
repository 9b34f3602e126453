import { expect, test } from 'vitest';
import { hasTerminals } from '../../../support/processes/terminal.js';
import { keys, withRedeem } from '../fixture.js';

const asked = /Do you agree\?\r\n[^]*No/;

test.runIf(hasTerminals)('on a terminal it redeems after the consent, and Ctrl-C ends it with 0', () =>
  withRedeem({}, async ({ terminal, used }) => {
    const own = terminal(['--when', 'blocked']);
    await own.until(asked);
    own.type('y');
    await own.until(/Reset credits left: 1/);
    own.type(keys.ctrlC);
    expect(await own.ended).toMatchObject({ status: 0, isRestored: true });
    expect(used()).toEqual(['credit-2']);
  }),
);

test.runIf(hasTerminals).each(['SIGTERM', 'SIGHUP'] as const)(
  '%s while it asks ends it, and nothing is recorded',
  (name) =>
    withRedeem({}, async ({ terminal, run, sent }) => {
      const own = terminal(['--when', 'blocked']);
      await own.until(asked);
      own.signal(name);
      expect(await own.ended).toMatchObject({ status: 0, isRestored: true });
      expect([(await run('--rules')).stdout, sent()]).toEqual([
        'No rule was agreed to in this CODEX_HOME.\n',
        [],
      ]);
    }),
);
