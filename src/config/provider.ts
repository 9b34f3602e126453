import type { Settings } from './config-toml.js';

/** Whether the configured model provider needs an OpenAI login: OpenAI itself, or one that says so. auth.md 3. */
export function requiresOpenaiAuth({ model_provider: name, model_providers: own }: Settings): boolean {
  if (name === undefined || name === 'openai') return true;
  return own?.[name]?.requires_openai_auth ?? false;
}

const defaultBaseUrl = 'https://chatgpt.com/backend-api';

/** Where the account backend is. */
export function chatgptBaseUrl({ chatgpt_base_url: baseUrl = defaultBaseUrl }: Settings): string {
  return baseUrl;
}

/** Whether the models are Amazon's, whose credentials Codex does not keep. */
export function isAmazonBedrock({ model_provider: name }: Settings): boolean {
  return name === 'amazon-bedrock';
}
