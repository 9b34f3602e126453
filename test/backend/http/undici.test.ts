import * as undici from 'undici';
import { expect, test } from 'vitest';
import { Agent, buildConnector } from '../../../src/backend/http/undici.js';

test('the modules imported from undici are the same as the exports of its index', () => {
  const moved = 'undici has moved its parts: see src/backend/http/undici.ts and src/build/bundle-plugins.mjs';
  expect(Agent, moved).toBe(undici.Agent);
  expect(buildConnector, moved).toBe(undici.buildConnector);
});
