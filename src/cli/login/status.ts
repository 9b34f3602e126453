import type { LoginStatus } from '../../auth/create-auth.js';
import { CodexHomeError } from '../../config/codex-home.js';
import { systemClock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import { safeLine } from '../../util/safe-text.js';
import type { LoginStatusIo } from '../io.js';
import { withOwnServices } from '../own-services.js';

/** Shows on stderr, in the words of codex, how the user is signed in. Resolves with 0 if signed in, 1 if not. */
export async function showLoginStatus({ env, stderr }: LoginStatusIo): Promise<number> {
  const writeLog = (line: string): void => {
    stderr.write(line);
  };
  const options = { environment: env, clock: systemClock, random: Math.random, writeLog };
  try {
    const status = await withOwnServices(options, ({ auth }) => auth.readStatus());
    stderr.write(textOf(status));
    return status.kind === 'none' ? 1 : 0;
  } catch (error) {
    stderr.write(`${prefixOf(error)}: ${safeLine((error as Error).message)}\n`);
    return 1;
  }
}

function textOf(status: LoginStatus): string {
  switch (status.kind) {
    case 'none':
      return 'Not logged in\n';
    case 'chatgpt':
      return 'Logged in using ChatGPT\n';
    case 'personalAccessToken':
      return 'Logged in using personal access token\n';
    case 'apiKey':
      // No part of the key is shown (D34).
      return 'API key configured - ***\nAuthentication is checked when you send a request.\n';
    case 'bedrock':
      return `Logged in using ${bedrockCredentials[status.credentials]}\n`;
  }
}

const bedrockCredentials = {
  apiKey: 'Amazon Bedrock API key',
  accessKeys: 'Amazon Bedrock AWS access keys',
} as const;

/** @throws an unexpected error */
function prefixOf(error: unknown): string {
  if (error instanceof CodexHomeError) return 'Error';
  if (!(error instanceof AppError)) throw error;
  return error.kind === 'configInvalid' ? 'Error loading configuration' : 'Error checking login status';
}
