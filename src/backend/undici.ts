/**
 * The two parts of undici that are used here, by their paths inside version 7.30.2. Its index also loads fetch,
 * WebSocket, caches and mocks: 55 ms of CPU time at start, and 600 KB of the bundle.
 * `test/backend/undici.test.ts` fails when an update moves them.
 */
import type { Dispatcher } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';

export { Agent, buildConnector };
export type { Dispatcher };
