import * as z from 'zod/mini';
import { described, named } from './documented.js';

export const ConfigReadParams = named(
  'ConfigReadParams',
  'Parameters of `config/read`.',
  z.object({
    includeLayers: described('Includes each source of settings.', z.optional(z.boolean())),
    cwd: described('Accepted and not used: settings of projects are not read.', z.nullish(z.string())),
  }),
);
export type ConfigReadParams = z.infer<typeof ConfigReadParams>;

const Config = named(
  'Config',
  'The settings of all sources together, as they are written. Secrets are not masked.',
  z.looseObject({
    chatgpt_base_url: described('The base URL of the account backend.', z.string()),
    cli_auth_credentials_store: described(
      'The place where the login is stored.',
      z.enum(['file', 'keyring', 'auto', 'ephemeral']),
    ),
    forced_chatgpt_workspace_id: described(
      'The accounts that a login may be for. Null: any.',
      z.nullable(z.union([z.string(), z.array(z.string())])),
    ),
    forced_login_method: described(
      'The only kind of login that counts. Null: any.',
      z.nullable(z.enum(['chatgpt', 'api'])),
    ),
    model_provider: described('The name of the model provider. Null: `openai`.', z.nullable(z.string())),
    model_providers: described('The providers that are defined, by name.', z.record(z.string(), z.unknown())),
  }),
);
export type Config = z.infer<typeof Config>;

const ConfigLayerSource = named(
  'ConfigLayerSource',
  'A source of settings.',
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('system'), file: z.string() }),
    z.object({ type: z.literal('user'), file: z.string(), profile: z.nullable(z.string()) }),
    z.object({ type: z.literal('sessionFlags') }),
    z.object({ type: z.literal('legacyManagedConfigTomlFromFile'), file: z.string() }),
  ]),
);
export type ConfigLayerSource = z.infer<typeof ConfigLayerSource>;

const ConfigLayerMetadata = named(
  'ConfigLayerMetadata',
  'The source of a setting.',
  z.object({
    name: ConfigLayerSource,
    version: described('A hash of all settings of this source.', z.string()),
  }),
);
export type ConfigLayerMetadata = z.infer<typeof ConfigLayerMetadata>;

const ConfigLayer = named(
  'ConfigLayer',
  'A source and its settings.',
  z.object({
    name: ConfigLayerSource,
    version: described('A hash of all settings of this source.', z.string()),
    config: described('The settings, as they are written.', z.unknown()),
  }),
);

export const ConfigReadResponse = named(
  'ConfigReadResponse',
  'The settings that this server works with.',
  z.object({
    config: Config,
    origins: described(
      'The source of each value, by its dotted path. Values of requirements.toml have none.',
      z.record(z.string(), ConfigLayerMetadata),
    ),
    layers: described(
      'All sources, the strongest first. Only with `includeLayers`.',
      z.optional(z.array(ConfigLayer)),
    ),
  }),
);
export type ConfigReadResponse = z.infer<typeof ConfigReadResponse>;
