import type { LoginAccountParams } from './schema/login.js';

/** The kinds of login that need the client's capability `experimentalApi`. */
export const experimentalLogins: ReadonlySet<LoginAccountParams['type']> = new Set([
  'chatgptAuthTokens',
  'amazonBedrock',
  'amazonBedrockAccessKeys',
] as const);
