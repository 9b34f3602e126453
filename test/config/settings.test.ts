import { expect, test } from 'vitest';
import { readLayer } from '../../src/config/layers/read-layer.js';
import { type LayerName, layerSources } from '../../src/config/layers/layers.js';
import { resolveLayers } from '../../src/config/settings.js';

const texts: Readonly<Record<LayerName, string>> = {
  system: 'model = "m"\nchatgpt_base_url = "http://system"\nforced_login_method = "chatgpt"\n',
  user: [
    'chatgpt_base_url = "http://user"',
    'forced_chatgpt_workspace_id = ["a", "b"]',
    'model_provider = "own"',
    '[model_providers.own]',
    'requires_openai_auth = true',
    '[model_providers.constructor]',
    'requires_openai_auth = true',
  ].join('\n'),
  sessionFlags: 'forced_chatgpt_workspace_id = "c"\n[model_providers.own]\nrequires_openai_auth = false\n',
  managed: 'cli_auth_credentials_store = "ephemeral"\n',
  requirements: 'forced_login_method = "api"\n[application.network.domains]\n"a.example" = "allow"\n',
};

test('each setting has the value and the source of the strongest layer that sets it', async () => {
  const files = { config: '/etc/config.toml', managed: '/etc/managed.toml', requirements: '/etc/r.toml' };
  const sources = layerSources('/home', files);
  const read = await Promise.all(
    sources.map((source) => readLayer(source, Buffer.from(texts[source.layer]))),
  );
  const layers = read.flatMap((layer) => layer ?? []);
  const [system, user, flags, managed, requirements] = sources;
  expect(resolveLayers(layers)).toEqual({
    values: {
      chatgpt_base_url: 'http://user',
      forced_login_method: 'chatgpt',
      forced_chatgpt_workspace_id: 'c',
      model_provider: 'own',
      model_providers: {
        own: { requires_openai_auth: false },
        constructor: { requires_openai_auth: true },
      },
      cli_auth_credentials_store: 'ephemeral',
      application: { network: { domains: { 'a.example': 'allow' } } },
    },
    origins: new Map([
      ['chatgpt_base_url', user],
      ['forced_login_method', system],
      ['forced_chatgpt_workspace_id', flags],
      ['model_provider', user],
      ['model_providers.own.requires_openai_auth', flags],
      ['model_providers.constructor.requires_openai_auth', user],
      ['cli_auth_credentials_store', managed],
      ['application.network.domains.a.example', requirements],
    ]),
    layers,
  });
  expect(layers[0]?.table).toEqual({
    model: 'm',
    chatgpt_base_url: 'http://system',
    forced_login_method: 'chatgpt',
  });
});
