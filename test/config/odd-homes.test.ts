import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, toNamespacedPath } from 'node:path';
import { expect, test } from 'vitest';
import { storedLogin, withCommands } from '../support/processes/commands.js';

const all: readonly (readonly [what: string, pathIn: (root: string) => string])[] = [
  ['blanks and apostrophes', (root) => join(root, "my o'wn home")],
  ['characters beyond ASCII', (root) => join(root, 'Zoë 日本')],
  ['300 characters', (root) => join(root, ...Array.from({ length: 4 }, () => 'x'.repeat(75)))],
  ['the prefix of Windows for long paths', (root) => toNamespacedPath(join(root, 'home'))],
];

test.each(all)('%s in CODEX_HOME: redeem and login work', (_what, pathIn) =>
  withCommands('chatgpt', async ({ home, backend, command }) => {
    backend.setScenario('at-limit');
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'odd-homes-')));
    try {
      const codexHome = pathIn(root);
      mkdirSync(codexHome, { recursive: true });
      for (const name of ['config.toml', 'auth.json'])
        copyFileSync(join(home.path, name), join(codexHome, name));
      // The temporary folder may be on another drive: a file that replaces another is never made there.
      const elsewhere = join(root, 'missing');
      const environment = { CODEX_HOME: codexHome, TMPDIR: elsewhere, TEMP: elsewhere, TMP: elsewhere };

      const redeeming = command('redeem --yes --force --json', environment);
      await redeeming.exited;
      expect(JSON.parse(redeeming.stdout())).toMatchObject({ spent: 'yes' });
      expect(backend.requests.filter(({ url }) => url.endsWith('/consume'))).toHaveLength(1);
      const journal = readFileSync(join(codexHome, 'account-server', 'redemptions.json'), 'utf8');
      expect(journal).toContain('"verified"');

      const login = command('login --with-api-key', environment);
      login.child.stdin.end('sk-odd\n');
      await login.exited;
      expect(storedLogin(join(codexHome, 'auth.json'))).toMatchObject({ OPENAI_API_KEY: 'sk-odd' });
    } finally {
      rmSync(root, { recursive: true });
    }
  }),
);
