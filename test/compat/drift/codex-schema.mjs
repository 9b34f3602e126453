import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs a version of `@openai/codex` below `folder`, which is empty, and lets it write its schema there. Runs no
 * install script, and only that one command of codex, with a temporary home.
 *
 * @returns the installed version, its `{types, methods}`, and whether it had a network
 * @throws Error with a sentence for people
 */
export function generateCodexSchema(version, folder) {
  install(`@openai/codex@${version}`, folder);
  const hasNetwork = generate(folder);
  const bundle = readJson(join(folder, 'schema', 'codex_app_server_protocol.schemas.json'));
  const manifest = readJson(join(folder, 'node_modules', '@openai', 'codex', 'package.json'));
  return { version: manifest.version, hasNetwork, ...readBundle(bundle) };
}

function install(spec, folder) {
  const flags = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr, error } = spawnSync('npm', ['install', '--prefix', folder, ...flags, spec], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status === 0) return;
  const reason = stderr?.split('\n').find((line) => /^npm (error|ERR!)/.test(line)) ?? error?.message;
  throw new Error(`npm could not install ${spec}: ${reason ?? `it ended with ${status}`}`);
}

/**
 * Lets codex write its schema. Returns whether codex had a network: it does if the system does not let us create a
 * network namespace.
 */
function generate(folder) {
  const home = join(folder, 'home');
  mkdirSync(home);
  const codex = join(folder, 'node_modules', '.bin', 'codex');
  const command = [codex, 'app-server', 'generate-json-schema', '--out', join(folder, 'schema')];
  const isolation = [
    ['unshare', '-rn'],
    ['unshare', '-n'],
  ].find(([program, ...args]) => spawnSync(program, [...args, 'true']).status === 0);
  const [program, ...args] = [...(isolation ?? []), ...command];
  const { status, signal, stderr, error } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: home, CODEX_HOME: home },
  });
  if (status === 0) return isolation === undefined;
  const reason = stderr?.trim().split('\n').at(-1) || error?.message;
  throw new Error(`codex wrote no schema (${status ?? signal}): ${reason}`);
}

/** Reads the file with all types. Those of the present protocol are in a namespace `v2`. */
function readBundle({ definitions: { v2 = {}, ...others } }) {
  return {
    types: { ...others, ...v2 },
    methods: {
      ...methodsOf(others.ClientRequest, 'request'),
      ...methodsOf(others.ServerRequest, 'request of the server'),
      ...methodsOf(others.ServerNotification, 'notification'),
    },
  };
}

function methodsOf({ oneOf }, direction) {
  return Object.fromEntries(
    oneOf.map(({ properties: { method, params = { type: 'null' } } }) => [
      method.enum[0],
      { direction, params },
    ]),
  );
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
