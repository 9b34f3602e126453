import * as undici from 'undici';
import { expect, test } from 'vitest';
import { Agent, buildConnector } from '../../../src/backend/http/undici.js';

test('the paths within undici lead to what its index exports', () => {
  const moved = 'undici has moved its parts: see src/backend/http/undici.ts and src/build/bundle-plugins.mjs';
  expect(Agent, moved).toBe(undici.Agent);
  expect(buildConnector, moved).toBe(undici.buildConnector);
});
