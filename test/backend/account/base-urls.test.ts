import { expect, test } from 'vitest';
import { createTargets } from '../../../src/backend/account/endpoints.js';
import { defaultTimeLimits } from '../../../src/backend/request/time-limit.js';

const findTarget = createTargets(defaultTimeLimits);

/** A base URL, and the URL of the usage request. */
test.each([
  ['https://chatgpt.com', 'https://chatgpt.com/backend-api/wham/usage'],
  ['https://chatgpt.com/', 'https://chatgpt.com/backend-api/wham/usage'],
  ['https://chatgpt.com//', 'https://chatgpt.com/backend-api/wham/usage'],
  ['https://chatgpt.com/backend-api/', 'https://chatgpt.com/backend-api/wham/usage'],
  ['https://chatgpt.com:443', 'https://chatgpt.com/backend-api/wham/usage'],
  ['https://chatgpt.com:8443', 'https://chatgpt.com:8443/backend-api/wham/usage'],
  ['https://chat.openai.com', 'https://chat.openai.com/backend-api/wham/usage'],
  ['https://chatgpt.com/x', 'https://chatgpt.com/x/backend-api/wham/usage'],
  ['https://chatgpt.com/api/codex', 'https://chatgpt.com/api/codex/backend-api/wham/usage'],
  ['https://chatgpt.com/wham', 'https://chatgpt.com/wham/backend-api/wham/usage'],
  ['https://chatgpt.com/Backend-API', 'https://chatgpt.com/Backend-API/backend-api/wham/usage'],
  ['https://chatgpt.com/backend-api/codex', 'https://chatgpt.com/backend-api/codex/wham/usage'],
  ['https://chatgpt.com/backend-apix', 'https://chatgpt.com/backend-apix/wham/usage'],
  ['https://chatgpt.com?x=1', 'https://chatgpt.com/?x=1/backend-api/wham/usage'],
  ['http://chatgpt.com', 'http://chatgpt.com/api/codex/usage'],
  ['HTTPS://chatgpt.com', 'https://chatgpt.com/api/codex/usage'],
  ['https://ChatGPT.com', 'https://chatgpt.com/api/codex/usage'],
  ['https://foo.chatgpt.com', 'https://foo.chatgpt.com/api/codex/usage'],
  ['https://u:p@chatgpt.com', 'https://chatgpt.com/api/codex/usage'],
  [' https://chatgpt.com', 'https://chatgpt.com/api/codex/usage'],
  ['https://other.example', 'https://other.example/api/codex/usage'],
])('with the base URL %j the usage is read from %s', (baseUrl, url) => {
  expect(findTarget(baseUrl, 'usage').url().href).toBe(url);
});

test.each([
  'https://chatgpt.com.evil.example',
  'https://chat.openai.com.evil.example/x',
  'https://chatgpt.com@evil.example',
  'https://chatgpt.com:443@evil.example',
  'https://chatgpt.comevil.example',
  'https://chatgpt.com.',
  'https://chatgpt.com\t.evil.example',
])('another host, %j, does not get the paths of ChatGPT', (baseUrl) => {
  expect(findTarget(baseUrl, 'usage').url().pathname).toMatch(/^(\/x)?\/api\/codex\/usage$/);
});

test.each(['chatgpt.com', '//chatgpt.com', 'https://chatgpt.com '])('%j cannot be used', (baseUrl) => {
  expect(() => findTarget(baseUrl, 'usage').url()).toThrow('builder error');
});
