import {
  array,
  checked,
  either,
  flag,
  object,
  oneOf,
  optional,
  type Read,
  type Reader,
  record,
  text,
  tryRead,
} from '../../util/json/reading.js';
import type { LayerName } from './layers.js';
import type { Table } from './table.js';

const loginMethod = oneOf(['chatgpt', 'api']);
/** Codex refuses a list in one text. */
const workspaceId = checked(text, (id) => !id.includes(','));

/** The keys that requirements.toml shares with the other files. */
const shared = {
  chatgpt_base_url: optional(text),
  cli_auth_credentials_store: optional(oneOf(['file', 'keyring', 'auto', 'ephemeral'])),
  features: optional(object({ secret_auth_storage: optional(flag) })),
  model_provider: optional(text),
  model_providers: optional(record(object({ requires_openai_auth: optional(flag) }))),
};

const ConfigKeys = object({
  ...shared,
  forced_login_method: optional(loginMethod),
  forced_chatgpt_workspace_id: optional(either(workspaceId, array(text))),
});

const hostName = /^[\p{L}\p{N}._-]+$/u;
const domains = checked(record(oneOf(['allow', 'deny'])), (names) =>
  Object.keys(names).every((name) => hostName.test(name)),
);

const RequirementsKeys = object({
  ...shared,
  allowed_login_methods: optional(array(loginMethod)),
  allowed_chatgpt_workspaces: optional(array(text)),
  application: optional(
    object({ network: optional(object({ enabled: optional(flag), domains: optional(domains) })) }),
  ),
});

/** The values of the keys that this server reads. It ignores all other keys, whatever their values. */
export type Values = Partial<Read<typeof ConfigKeys> & Read<typeof RequirementsKeys>>;

/** Reads the values of a layer, or returns the dotted path of the first one of the wrong type. */
export function readValues(layer: LayerName, table: Table): { values: Values } | { wrongKey: string } {
  const keys: Reader<Values> = layer === 'requirements' ? RequirementsKeys : ConfigKeys;
  const read = tryRead(keys, table);
  return read.isRead ? { values: read.data } : { wrongKey: read.path };
}
