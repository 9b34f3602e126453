/** Options of codex that take a value, each by its short and long name. None but `config` and `listen` has an effect. */
export const valueOptions = {
  config: { type: 'string', short: 'c', multiple: true },
  listen: { type: 'string', multiple: true },
  sandbox: { type: 'string', short: 's', multiple: true },
  'ask-for-approval': { type: 'string', short: 'a', multiple: true },
  model: { type: 'string', short: 'm', multiple: true },
  cd: { type: 'string', short: 'C', multiple: true },
  profile: { type: 'string', short: 'p', multiple: true },
  enable: { type: 'string', multiple: true },
  disable: { type: 'string', multiple: true },
} as const;

/** Options of codex without a value. */
export const flags = {
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
} as const;
