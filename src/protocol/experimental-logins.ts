import type { LoginAccountParams } from './login.js';

/** The kinds of login that a client must ask for with `experimentalApi`. */
export const experimentalLogins: ReadonlySet<LoginAccountParams['type']> = new Set([
  'chatgptAuthTokens',
  'amazonBedrock',
  'amazonBedrockAccessKeys',
] as const);
