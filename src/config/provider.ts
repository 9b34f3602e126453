import type { Settings } from './config-toml.js';

/** Reports whether the configured model provider needs an OpenAI login: OpenAI, or one with `requires_openai_auth`. */
export function requiresOpenaiAuth({ model_provider: name, model_providers: own }: Settings): boolean {
  if (name === undefined || name === 'openai') return true;
  return own?.[name]?.requires_openai_auth ?? false;
}

const defaultBaseUrl = 'https://chatgpt.com/backend-api';

/** Returns the base URL of the account backend. */
export function chatgptBaseUrl({ chatgpt_base_url: baseUrl = defaultBaseUrl }: Settings): string {
  return baseUrl;
}

/** Reports whether the model provider is Amazon Bedrock. Codex does not store its credentials. */
export function isAmazonBedrock({ model_provider: name }: Settings): boolean {
  return name === 'amazon-bedrock';
}
