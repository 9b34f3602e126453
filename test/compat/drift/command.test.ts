import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

// Tests the whole command with a package of our own in place of codex: no test reaches the registry.

const folder = mkdtempSync(join(tmpdir(), 'drift-test-'));
const temp = join(folder, 'temp');

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command as `npm run lab` does. Every request of npm to a registry fails at once. */
function drift(...args: string[]) {
  mkdirSync(temp, { recursive: true });
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/compat/drift/drift.mjs', ...args], {
    encoding: 'utf8',
    env: {
      ...process.env,
      TMPDIR: temp,
      // npm keeps compiled code in the temp folder.
      NODE_DISABLE_COMPILE_CACHE: '1',
      npm_config_registry: 'http://127.0.0.1:9',
      npm_config_fetch_retries: '0',
    },
  });
  return { status, stdout, stderr, leftovers: readdirSync(temp) };
}

/** Creates a package whose `codex` writes a schema with one type, which lists the network addresses it sees. */
function createPackage(): string {
  const path = join(folder, 'package');
  mkdirSync(path, { recursive: true });
  writeFileSync(
    join(path, 'package.json'),
    JSON.stringify({ name: '@openai/codex', version: '9.8.7', bin: { codex: 'codex.js' } }),
  );
  writeFileSync(join(path, 'codex.js'), fakeCodex, { mode: 0o755 });
  return path;
}

const fakeCodex = `#!/usr/bin/env node
const fs = require('node:fs');
if (process.argv.slice(2, 5).join(' ') !== 'app-server generate-json-schema --out') process.exit(9);
const network = Object.values(require('node:os').networkInterfaces()).flat().map(({ address }) => address);
const method = (name) => ({ properties: { method: { enum: [name] } } });
fs.mkdirSync(process.argv[5]);
fs.writeFileSync(process.argv[5] + '/codex_app_server_protocol.schemas.json', JSON.stringify({
  definitions: {
    v2: { LoginAppBrand: { type: 'string', enum: ['codex', 'chatgpt', ...network] } },
    ClientRequest: { oneOf: [method('account/later'), method('thread/start')] },
    ServerRequest: { oneOf: [] },
    ServerNotification: { oneOf: [] },
  },
}));
`;

test('a version is installed, asked for its schema without a network, compared and removed', () => {
  const { status, stdout, stderr, leftovers } = drift('--version', `file:${createPackage()}`);
  const lines = stdout.split('\n');
  expect({ stderr, leftovers, first: lines[0] }).toEqual({
    stderr: '',
    leftovers: [],
    first: 'here: 0.171.0, there: 9.8.7',
  });
  expect(lines).toContain('the same: 1 types and methods');
  // Not every system lets an unprivileged program create a network namespace.
  const isCutOff = !lines.includes('the network of codex could not be cut off');
  expect(lines.includes('added there: 0')).toBe(isCutOff);
  expect(lines).toContain('  PlanType');
  expect(lines).toContain('  account/later: request');
  expect(status).toBe(isCutOff ? 8 + 32 : 4 + 8 + 32);
});

test('a version that npm does not have is reported in one sentence', () => {
  const { status, stderr, leftovers } = drift('--version', '0.0.1');
  expect(stderr).toMatch(/^npm could not install @openai\/codex@0\.0\.1: .*ECONNREFUSED.*\n$/);
  expect({ status, leftovers }).toEqual({ status: 1, leftovers: [] });
});

test('an unknown option is wrong use', () => {
  expect(drift('--versions', '1').status).toBe(2);
});
