import { spawnSync } from 'node:child_process';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { mounting, whyNotMounting } from '../../support/files/mounting.js';
import { builtModule } from '../../support/processes/script-process.js';
import { renewed, stored, withRefreshes } from '../tokens/refresh-fixture.js';

test('a refresh is not sent while auth.json has a second name, and the log says so once', () =>
  withRefreshes({}, async ({ authPath, read, calls, server }) => {
    linkSync(authPath, `${authPath}.second`);
    expect(await read()).toHaveProperty('result');
    expect(await read()).toHaveProperty('result');
    rmSync(`${authPath}.second`);
    expect({ calls, log: server.log }).toEqual({
      calls: [],
      log: ['ERROR the tokens were not refreshed: auth.json cannot be replaced (EMLINK)\n'],
    });
  }));

test('new tokens of an auth.json that gets a second name meanwhile are stored under both', () => {
  let addName = (): void => undefined;
  return withRefreshes(
    {},
    async (fixture) => {
      const second = `${fixture.authPath}.second`;
      addName = () => linkSync(fixture.authPath, second);
      await fixture.read();
      expect(stored(fixture).tokens).toMatchObject(renewed);
      expect(statSync(second).ino).toBe(statSync(fixture.authPath).ino);
      rmSync(second);
    },
    (response) => {
      addName();
      response.end(JSON.stringify(renewed));
    },
  );
});

test('a login is stored under both names of auth.json', () =>
  withAccount({ auth: { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-old' } }, async ({ authPath, call }) => {
    const second = `${authPath}.second`;
    linkSync(authPath, second);
    await call('account/login/start', { type: 'apiKey', apiKey: 'sk-new' });
    expect(readFileSync(second, 'utf8')).toContain('sk-new');
  }));

const storing = `
  import { execFileSync } from 'node:child_process';
  import { readFileSync } from 'node:fs';
  import { createFileStore } from '${builtModule('auth/store/file-store.js')}';
  const [path, mounted] = process.argv.slice(1);
  const store = createFileStore({ path, clock: { nowMs: Date.now }, random: Math.random });
  const replacement = await store.prepare();
  execFileSync('mount', ['--bind', mounted, path]);
  const contents = () => [path, mounted].map((name) => readFileSync(name, 'utf8'));
  await replacement.commit('renewed');
  const renewed = contents();
  await store.save('new');
  console.log(JSON.stringify([renewed, contents()]));
`;

test.skipIf(!mounting)(`a login is stored in a file that is mounted meanwhile${whyNotMounting}`, () =>
  withAccount({ auth: {} }, ({ authPath }) => {
    const mounted = join(dirname(authPath), 'mounted.json');
    writeFileSync(mounted, 'a longer old text');
    const [command = '', ...launcher] = mounting ?? [];
    const node = [process.execPath, '--input-type=module', '-e', storing, '--', authPath, mounted];
    const { stdout, stderr } = spawnSync(command, [...launcher, ...node], { encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: '[["renewed","renewed"],["new","new"]]\n', stderr: '' });
    return Promise.resolve();
  }),
);
