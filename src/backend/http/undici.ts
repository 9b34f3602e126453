/**
 * The two parts of undici that are used here, by their paths inside version 7.30.2, because its index also loads fetch,
 * WebSocket, caches and mocks; `src/cli/start/README.md` has the figures. `test/backend/http/undici.test.ts` fails if an
 * update moves them.
 */
import type { Dispatcher } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';

export { Agent, buildConnector };
export type { Dispatcher };
