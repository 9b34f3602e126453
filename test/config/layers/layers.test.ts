import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bareAnswer } from '../../support/bare-answer.js';
import { unusableFiles } from '../../support/files/unusable-files.js';
import { invalid, type LayerFile, withLayers } from './layers-fixture.js';
import { casesOf, isUnixCase } from '../../support/unix-test.js';

const layers = ['system', 'user', 'commandLine', 'managed', 'requirements'] as const;

describe('the strongest layer with a base URL decides where a request goes', () => {
  test.each(layers.map((_, count) => layers.slice(0, count + 1)))('of %s the last', (...present) =>
    withLayers(
      {
        overrides: (url) =>
          present.includes('commandLine') ? { chatgpt_base_url: `${url}/commandLine` } : {},
      },
      async ({ write, read, paths }) => {
        write('user', '');
        for (const layer of present) {
          if (layer !== 'commandLine') write(layer, `chatgpt_base_url = "URL/${layer}"\n`);
        }
        expect(await read()).toEqual(bareAnswer());
        expect(paths()).toEqual([`/${present.at(-1)}/api/codex/usage`]);
      },
    ),
  );
});

test.each<LayerFile>(['system', 'managed', 'requirements'])(
  'the %s file counts from the request after it appears, changes and goes',
  (layer) =>
    withLayers({}, async ({ write, read, paths, pathOf }) => {
      if (layer === 'system') write('user', '');
      for (const base of ['one', 'two']) {
        write(layer, `chatgpt_base_url = "URL/${base}"\n`);
        await read();
      }
      rmSync(pathOf(layer));
      write('user', 'chatgpt_base_url = "URL/user"\n');
      await read();
      expect(paths()).toEqual(['/one/api/codex/usage', '/two/api/codex/usage', '/user/api/codex/usage']);
    }),
);

test.each([
  ['is merged over two files', 'managed', true],
  ['of the requirements replaces those of the files', 'requirements', false],
] as const)('a table of providers %s', (_what, layer, isKept) =>
  withLayers({ auth: 'none' }, async ({ write, pathOf, call }) => {
    appendFileSync(
      pathOf('user'),
      'model_provider = "own"\n[model_providers.own]\nrequires_openai_auth = true\n',
    );
    write(layer, '[model_providers.other]\nrequires_openai_auth = false\n');
    expect(await call('getAuthStatus', {})).toEqual({
      result: { authMethod: null, authToken: null, requiresOpenaiAuth: isKept },
    });
  }),
);

/** The kinds of broken files, and the end of the error about each, after its path. */
const broken: readonly (readonly [what: string, make: (path: string) => void, problem: string])[] = [
  ['with a mistake', (path) => writeFileSync(path, 'a = 1\nb = oops\n'), ':2:5'],
  ['that is not UTF-8', (path) => writeFileSync(path, Buffer.from('a = "\xe9"', 'latin1')), ': not UTF-8'],
  ['with a wrong type', (path) => writeFileSync(path, 'chatgpt_base_url = 5\n'), ': chatgpt_base_url'],
  ['that links to itself', (path) => symlinkSync(path, path), ': cannot be read (ELOOP)'],
  ...unusableFiles.map(
    ([what, reason, make]) => [`that ${what}`, make, `: cannot be read (${reason})`] as const,
  ),
];

const without: readonly (readonly [what: string, make: (path: string) => void])[] = [
  ['is empty', (path) => writeFileSync(path, '')],
  ['links to nothing', (path) => symlinkSync('/nowhere/at/all', path)],
];

describe.each<LayerFile>(['system', 'user', 'managed', 'requirements'])('a broken file of %s', (layer) => {
  test.each(casesOf(broken, ([what]) => !isUnixCase(what)))(
    'a file %s stops every request and is named',
    (_what, make, problem) =>
      withLayers({}, async ({ pathOf, read, consume, backend }) => {
        rmSync(pathOf(layer), { force: true });
        make(pathOf(layer));
        const message = `invalid configuration at ${pathOf(layer)}${problem}`;
        expect(await read()).toEqual(invalid(message));
        expect(await consume()).toEqual(invalid(message, { outcomeKnown: true }));
        expect(backend.requests).toEqual([]);
      }),
  );

  test.each(casesOf(without, ([what]) => !isUnixCase(what)))('a file that %s sets nothing', (_what, make) =>
    withLayers(
      { overrides: (url) => ({ chatgpt_base_url: `${url}/flag` }) },
      async ({ pathOf, read, paths }) => {
        rmSync(pathOf(layer), { force: true });
        make(pathOf(layer));
        await read();
        expect(paths()).toEqual(['/flag/api/codex/usage']);
      },
    ),
  );
});

test('of two broken files the stronger one is named', () =>
  withLayers({}, async ({ write, read }) => {
    write('user', 'oops');
    const path = write('managed', 'a = 1\noops');
    expect(await read()).toEqual(invalid(`invalid configuration at ${path}:2:1`));
  }));

test('while config.toml is broken, the files of the administrator still decide which login counts', () =>
  withLayers({}, async ({ write, call }) => {
    write('user', 'oops');
    write('requirements', 'allowed_login_methods = ["api"]\n');
    expect(await call('getAuthStatus', {})).toEqual({
      result: { authMethod: null, authToken: null, requiresOpenaiAuth: true },
    });
  }));

test('keys of requirements.toml count only there, and those of config.toml not in it', () =>
  withLayers({}, async ({ write, read }) => {
    write('system', 'allowed_login_methods = ["api"]\n');
    write('requirements', 'forced_login_method = "api"\nforced_chatgpt_workspace_id = 5\n');
    expect(await read()).toEqual(bareAnswer());
  }));

test('no request goes elsewhere while a file is written again and again', () =>
  withLayers({}, async ({ write, read, paths }) => {
    write('system', 'chatgpt_base_url = "URL/elsewhere"\n');
    for (let round = 0; round < 20; round += 1) {
      // As another program does: the file is empty, or gone, for a moment.
      if (round % 2 === 0) write('user', '');
      else rmSync(write('user', ''));
      const reading = read();
      setImmediate(() => write('user', 'chatgpt_base_url = "URL/user"\n'));
      await reading;
    }
    expect(new Set(paths())).toEqual(new Set(['/user/api/codex/usage']));
  }));
