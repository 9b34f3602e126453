import type { Settings } from './settings.js';

/** Reports whether the configured model provider needs an OpenAI login: OpenAI, or one with `requires_openai_auth`. */
export function requiresOpenaiAuth({ values }: Settings): boolean {
  const { model_provider: name, model_providers: own } = values;
  if (name === undefined || name === 'openai') return true;
  return own?.[name]?.requires_openai_auth ?? false;
}

export const defaultBaseUrl = 'https://chatgpt.com/backend-api';

/** Returns the base URL of the account backend. */
export function chatgptBaseUrl({ values }: Settings): string {
  return values.chatgpt_base_url ?? defaultBaseUrl;
}

/** Reports whether the model provider is Amazon Bedrock. Codex does not store its credentials. */
export function isAmazonBedrock({ values }: Settings): boolean {
  return values.model_provider === 'amazon-bedrock';
}
