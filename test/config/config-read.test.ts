import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { invalid, withLayers, type LayersFixture } from './layers/layers-fixture.js';

const hashOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

interface ReadConfig {
  readonly config: Record<string, unknown>;
  readonly origins: Record<string, unknown>;
  readonly layers?: readonly { readonly config: unknown }[];
}

async function readConfig(fixture: LayersFixture, params: object = {}): Promise<ReadConfig> {
  return (await fixture.call('config/read', params)).result as ReadConfig;
}

/** The members that are null unless a file sets them. */
function withoutNulls(config: object): object {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
}

test('without a file the settings are the defaults, also without a login', () =>
  withLayers({ auth: 'none' }, async (fixture) => {
    rmSync(fixture.configPath);
    const { config, origins, ...rest } = await readConfig(fixture);
    expect(withoutNulls(config)).toEqual({
      chatgpt_base_url: 'https://chatgpt.com/backend-api/',
      cli_auth_credentials_store: 'file',
      model_providers: {},
    });
    expect(Object.keys(config)).toHaveLength(30);
    expect(config).toMatchObject({ model: null, model_provider: null, forced_login_method: null });
    expect({ origins, rest }).toEqual({ origins: {}, rest: {} });
  }));

test('each value is that of the strongest layer, and origins name it', () =>
  withLayers({ overrides: () => ({ forced_login_method: 'chatgpt' }) }, async (fixture) => {
    const system = fixture.write(
      'system',
      'model_provider = "own"\nmodel = "a"\n[model_providers.own]\nname = "x"\nrequires_openai_auth = true\n',
    );
    const user = fixture.write('user', 'chatgpt_base_url = " URL/ "\nforced_login_method = "api"\n');
    const managed = fixture.write('managed', '[model_providers.own]\nname = "y"\n');
    const read = await readConfig(fixture);
    expect(withoutNulls(read.config)).toEqual({
      chatgpt_base_url: ` ${fixture.backend.url}/ `,
      cli_auth_credentials_store: 'file',
      forced_login_method: 'chatgpt',
      model: 'a',
      model_provider: 'own',
      model_providers: { own: { name: 'y', requires_openai_auth: true } },
    });
    const systemLayer = {
      name: { type: 'system', file: system },
      version: hashOf(
        '{"model":"a","model_provider":"own","model_providers":{"own":{"name":"x","requires_openai_auth":true}}}',
      ),
    };
    expect(read.origins).toEqual({
      chatgpt_base_url: {
        name: { type: 'user', file: user, profile: null },
        version: hashOf(`{"chatgpt_base_url":" ${fixture.backend.url}/ ","forced_login_method":"api"}`),
      },
      forced_login_method: {
        name: { type: 'sessionFlags' },
        version: hashOf('{"forced_login_method":"chatgpt"}'),
      },
      model: systemLayer,
      model_provider: systemLayer,
      'model_providers.own.name': {
        name: { type: 'legacyManagedConfigTomlFromFile', file: managed },
        version: hashOf('{"model_providers":{"own":{"name":"y"}}}'),
      },
      'model_providers.own.requires_openai_auth': systemLayer,
    });
  }));

test('layers are listed from the strongest on, those of user and system always', () =>
  withLayers({}, async (fixture) => {
    rmSync(fixture.configPath);
    const empty = { version: hashOf('{}'), config: {} };
    const user = { name: { type: 'user', file: fixture.configPath, profile: null }, ...empty };
    const system = { name: { type: 'system', file: fixture.pathOf('system') }, ...empty };
    expect((await readConfig(fixture, { includeLayers: true })).layers).toEqual([user, system]);
    const file = fixture.write('managed', 'model = "m"\n');
    const managed = {
      name: { type: 'legacyManagedConfigTomlFromFile', file },
      version: hashOf('{"model":"m"}'),
      config: { model: 'm' },
    };
    expect((await readConfig(fixture, { includeLayers: true })).layers).toEqual([managed, user, system]);
  }));

test('a value of requirements.toml is shown without an origin, and is not a layer', () =>
  withLayers({}, async (fixture) => {
    fixture.write('user', 'model_provider = "own"\n[model_providers.own]\nname = "x"\n');
    fixture.write('requirements', 'model_provider = "openai"\nallowed_login_methods = ["chatgpt"]\n');
    const { config, origins, layers } = await readConfig(fixture, { includeLayers: true });
    expect(config.model_provider).toBe('openai');
    expect(config).not.toHaveProperty('allowed_login_methods');
    expect(Object.keys(origins)).toEqual(['model_providers.own.name']);
    expect(layers).toHaveLength(2);
  }));

test('further keys are passed on as the files have them', () =>
  withLayers({}, async (fixture) => {
    fixture.write(
      'user',
      `big = 9007199254740993
float = 1.0
small = 1e-7
large = 1e16
endless = inf
day = 2026-01-02
time = 2026-01-02T03:04:05.120+01:00
list = [[1], { a = "x" }]
"a b" = { __proto__ = "p" }
[projects."/repo"]
trust_level = "trusted"
`,
    );
    fixture.server.write('{"id":"raw","method":"config/read","params":{"includeLayers":true}}\n');
    const line = (await fixture.server.untilLines(2))[1] ?? '';
    const own =
      '"a b":{"__proto__":"p"},"big":9007199254740993,"day":{"$__toml_private_datetime":"2026-01-02"},' +
      '"endless":null,"float":1.0,"large":1e16,"list":[[1],{"a":"x"}],' +
      '"projects":{"/repo":{"trust_level":"trusted"}},"small":1e-7,' +
      '"time":{"$__toml_private_datetime":"2026-01-02T03:04:05.12+01:00"}';
    expect(line).toContain(`"version":"${hashOf(`{${own}}`)}","config":{${own}}`);
    const { config, origins } = (JSON.parse(line) as { result: ReadConfig }).result;
    expect(config.projects).toEqual({ '/repo': { trust_level: 'trusted' } });
    expect(Object.keys(origins)).toEqual([
      ...['big', 'float', 'small', 'large', 'endless', 'day', 'time', 'list.0.0', 'list.1.a'],
      ...['a b.__proto__', 'projects./repo.trust_level'],
    ]);
  }));

test('a shorter list of a stronger layer leaves no origin of the longer one', () =>
  withLayers({}, async (fixture) => {
    fixture.write('system', 'forced_chatgpt_workspace_id = ["a", "b"]\n');
    fixture.write('user', 'forced_chatgpt_workspace_id = ["c"]\n');
    const { config, origins } = await readConfig(fixture);
    expect(config.forced_chatgpt_workspace_id).toEqual(['c']);
    expect(Object.keys(origins)).toEqual(['forced_chatgpt_workspace_id.0']);
  }));

test.each(['user', 'requirements'] as const)('while the file of %s is broken, the error names it', (layer) =>
  withLayers({}, async (fixture) => {
    const path = fixture.write(layer, 'a = 1\nchatgpt_base_url = 5\n');
    expect(await fixture.call('config/read', {})).toEqual(
      invalid(`invalid configuration at ${path}: chatgpt_base_url`),
    );
    fixture.write(layer, 'a = [\n');
    expect(await fixture.call('config/read', {})).toEqual(invalid(`invalid configuration at ${path}:2:1`));
  }),
);

test('params are required', () =>
  withLayers({}, async (fixture) => {
    const refused = (member: string, reason: string): object => ({
      error: {
        code: -32600,
        message: `Invalid request: ${reason}`,
        data: { kind: 'invalidRequest', member },
      },
    });
    expect(await fixture.call('config/read')).toEqual(refused('params', 'missing field `params`'));
    expect(await fixture.call('config/read', { includeLayers: null })).toEqual(
      refused('includeLayers', 'invalid type: null, expected a boolean'),
    );
    expect(await fixture.call('config/read', { cwd: 1 })).toEqual(
      refused('cwd', 'invalid type: integer `1`, expected a string'),
    );
  }));
