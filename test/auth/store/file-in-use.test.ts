import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { canFail, createFailingFiles, whyNotFailing } from '../../support/files/failing-files.js';
import { builtModule, startScript } from '../../support/processes/script-process.js';

/** Has the file open until its input ends. */
const holding = `
  import { openSync } from 'node:fs';
  openSync(process.argv[1], 'r');
  console.log('open');
  process.stdin.resume();
`;

test('a login is stored, and the next one read, while another program has auth.json open', () =>
  withAccount({ auth: chatgptLogin() }, async ({ authPath, call }) => {
    const holder = startScript(holding, [authPath]);
    await holder.nextLine();
    expect(await call('account/login/start', { type: 'apiKey', apiKey: 'sk-new' })).toMatchObject({
      result: { type: 'apiKey' },
    });
    expect(JSON.parse(readFileSync(authPath, 'utf8'))).toEqual({
      auth_mode: 'apikey',
      OPENAI_API_KEY: 'sk-new',
    });
    expect(await call('account/read', {})).toMatchObject({ result: { account: { type: 'apiKey' } } });
    await holder.kill();
  }));

/** Saves as a refresh does. */
const saving = `
  import { createFileStore } from '${builtModule('auth/store/file-store.js')}';
  const clock = { nowMs: Date.now };
  const store = createFileStore({ path: process.argv[1], clock, random: Math.random });
  const replacement = await store.prepare();
  await replacement.commit('new');
  console.log('saved');
`;

test.skipIf(!canFail)(
  `the tokens of a refresh are written into a file that stays in use, after one wait${whyNotFailing}`,
  () => {
    const root = mkdtempSync(join(tmpdir(), 'in-use-'));
    const path = join(root, 'auth.json');
    writeFileSync(path, 'old');
    const failing = createFailingFiles(root);
    failing.plan({ step: 'rename', skip: 0, times: 1_000, error: 'EBUSY' });
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', saving, '--', path], {
      encoding: 'utf8',
      env: { ...process.env, ...failing.environment },
    });
    expect(stdout.trim()).toBe('saved');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(failing.failures()).toBe(101);
    failing.remove();
    rmSync(root, { recursive: true });
  },
);
