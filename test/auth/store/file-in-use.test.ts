import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { chatgptLogin } from '../../support/auth-file.js';
import { startScript } from '../../support/script-process.js';

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
