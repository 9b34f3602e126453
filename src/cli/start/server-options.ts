/** Options that take a value. All except `upstream` are those of codex. `config`, `listen` and `upstream` have an effect. */
export const valueOptions = {
  config: { type: 'string', short: 'c', multiple: true },
  listen: { type: 'string', multiple: true },
  upstream: { type: 'string', multiple: true },
  sandbox: { type: 'string', short: 's', multiple: true },
  'ask-for-approval': { type: 'string', short: 'a', multiple: true },
  model: { type: 'string', short: 'm', multiple: true },
  cd: { type: 'string', short: 'C', multiple: true },
  profile: { type: 'string', short: 'p', multiple: true },
  image: { type: 'string', short: 'i', multiple: true },
  remote: { type: 'string', multiple: true },
  'remote-auth-token-env': { type: 'string', multiple: true },
  'local-provider': { type: 'string', multiple: true },
  'add-dir': { type: 'string', multiple: true },
  enable: { type: 'string', multiple: true },
  disable: { type: 'string', multiple: true },
  'startup-client-info': { type: 'string', multiple: true },
} as const;

/** Options without a value. All except `read-only` are those of codex. */
const flags = {
  'read-only': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'V' },
  stdio: { type: 'boolean' },
  'strict-config': { type: 'boolean' },
  'analytics-default-enabled': { type: 'boolean' },
  search: { type: 'boolean' },
  oss: { type: 'boolean' },
  yolo: { type: 'boolean' },
  'full-auto': { type: 'boolean' },
  'no-alt-screen': { type: 'boolean' },
  'dangerously-bypass-approvals-and-sandbox': { type: 'boolean' },
  'print-startup-config': { type: 'boolean' },
  'startup-sign-out': { type: 'boolean' },
} as const;

/** With these codex prints its whole configuration, and serves nothing. */
export const startupOptions: readonly string[] = [
  'print-startup-config',
  'startup-sign-out',
  'startup-client-info',
];

/** The options of codex and of this server. */
export const options = { ...valueOptions, ...flags };
