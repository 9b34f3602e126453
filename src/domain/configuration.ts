import { createHash } from 'node:crypto';
import type { LayerSource } from '../config/layers/layers.js';
import { defaultBaseUrl } from '../config/provider.js';
import type { Settings } from '../config/settings.js';
import { isTable, mergeTables, type Table } from '../config/layers/table.js';
import { jsonFromToml } from '../config/layers/toml-json.js';
import { rawJson } from '../framing/raw-json.js';
import type {
  Config,
  ConfigLayerMetadata,
  ConfigLayerSource,
  ConfigReadResponse,
} from '../protocol/schema/config.js';

/**
 * Returns the settings of all layers, with the source of each value. Keys that this server does not read are as the
 * files have them.
 *
 * @param sources the sources from weakest to strongest; those of the user and of the system are listed even if they
 * have no file
 */
export function configFromSettings(
  settings: Settings,
  sources: readonly LayerSource[],
  includeLayers: boolean,
): ConfigReadResponse {
  const layers = layersOf(settings, sources);
  const merged = layers.reduce((weaker: Table, { table }) => mergeTables(weaker, table), {});
  const required = requiredValues(settings);
  const config = jsonFromToml({ ...unset, ...defaults, ...merged, ...required });
  return {
    // Numbers keep their digits.
    config: rawJson(config) as unknown as Config,
    origins: originsOf(layers, merged, required),
    ...(includeLayers && { layers: rawJson(layersText(layers)) as unknown as [] }),
  };
}

/** The members that codex always has, null unless a file sets them. */
const unset = Object.fromEntries(
  [
    ...['model', 'review_model', 'model_context_window', 'model_auto_compact_token_limit'],
    ...['model_auto_compact_token_limit_scope', 'model_provider', 'approval_policy', 'approvals_reviewer'],
    ...['sandbox_mode', 'sandbox_workspace_write', 'forced_chatgpt_workspace_id', 'forced_login_method'],
    ...['web_search', 'client_search_provider', 'tools', 'instructions', 'developer_instructions'],
    ...['compact_prompt', 'model_reasoning_effort', 'model_reasoning_summary', 'model_verbosity'],
    ...['service_tier', 'analytics', 'apps', 'browser_use', 'computer_use', 'desktop'],
  ].map((name) => [name, null]),
);

/** The defaults of keys that this server reads. */
const defaults = {
  chatgpt_base_url: `${defaultBaseUrl}/`,
  cli_auth_credentials_store: 'file',
  model_providers: {},
};

interface ShownLayer extends ConfigLayerMetadata {
  readonly table: Table;
}

/** Returns the layers from weakest to strongest. Requirements are not a layer. */
function layersOf({ layers }: Settings, sources: readonly LayerSource[]): ShownLayer[] {
  return sources.flatMap((source) => {
    const name = sourceName(source);
    const table = layers.find((layer) => layer.source === source)?.table ?? {};
    const isAlwaysShown = name?.type === 'user' || name?.type === 'system';
    const isEmpty = Object.keys(table).length === 0;
    return name && (isAlwaysShown || !isEmpty) ? [{ name, version: versionOf(table), table }] : [];
  });
}

function sourceName({ layer, file }: LayerSource): ConfigLayerSource | undefined {
  if (layer === 'sessionFlags') return { type: 'sessionFlags' };
  if (file === null || layer === 'requirements') return undefined;
  if (layer === 'user') return { type: 'user', file, profile: null };
  return { type: layer === 'system' ? 'system' : 'legacyManagedConfigTomlFromFile', file };
}

function versionOf(table: Table): string {
  return `sha256:${createHash('sha256').update(jsonFromToml(table)).digest('hex')}`;
}

/** Returns what requirements.toml sets in place of the other files. */
function requiredValues({ layers }: Settings): Table {
  const table = layers.find(({ source }) => source.layer === 'requirements')?.table ?? {};
  const keys = ['chatgpt_base_url', 'cli_auth_credentials_store', 'model_provider', 'model_providers'];
  return Object.fromEntries(Object.entries(table).filter(([key]) => keys.includes(key)));
}

/** Returns the strongest layer that sets each value, if that value is in force. */
function originsOf(
  layers: readonly ShownLayer[],
  merged: Table,
  required: Table,
): Record<string, ConfigLayerMetadata> {
  const kept = Object.entries(merged).filter(([key]) => !Object.hasOwn(required, key));
  const inForce = new Set(kept.flatMap(([key, value]) => valuePaths(value, key)));
  const origins = new Map<string, ConfigLayerMetadata>();
  for (const { name, version, table } of layers) {
    for (const path of Object.entries(table).flatMap(([key, value]) => valuePaths(value, key))) {
      if (inForce.has(path)) origins.set(path, { name, version });
    }
  }
  return Object.fromEntries(origins);
}

/** Returns the dotted path of each value, of list items by their index. */
function valuePaths(value: unknown, path: string): string[] {
  if (!Array.isArray(value) && !isTable(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => valuePaths(inner, `${path}.${key}`));
}

function layersText(layers: readonly ShownLayer[]): string {
  const texts = layers
    .toReversed()
    .map(
      ({ name, version, table }) =>
        `{"name":${JSON.stringify(name)},"version":"${version}","config":${jsonFromToml(table)}}`,
    );
  return `[${texts.join()}]`;
}
