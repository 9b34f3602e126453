// The conformance suite: runs the cases against a server and compares the answers with those in recorded.json. README.md
// beside this file explains it.
//
//   node test/conformance/run.mjs [--server 'command app-server'] [--only REGEX] [--record] [--jobs N] [--verbose]
// Another server is compared without `error.data`. A difference in a case that names a departure is listed with the
// departure's number and is not a failure. Neither are the requests that the server sends by itself, listed once.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadCases, sectionsProvenBy } from './load-cases.mjs';
import { describeDifferences, differences, withoutErrorData } from './observation.mjs';
import { departuresOf, provenPages, sectionsOf } from './pages.mjs';
import { runCase } from './run-case.mjs';
import { readOptions } from '../tools/read-options.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const recordFile = new URL('recorded.json', import.meta.url);

const options = readOptions(
  "npm run conformance -- [--server 'COMMAND app-server'] [--only REGEX] [--record] [--jobs N] [--verbose]",
  {
    server: { type: 'string' },
    only: { type: 'string' },
    record: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
    verbose: { type: 'boolean', default: false },
  },
);
const isForeign = options.server !== undefined;
const only = new RegExp(options.only ?? '');
const sections = sectionsOf(provenPages.map((page) => fs.readFileSync(path.join(root, page), 'utf8')));
const cases = await loadCases(new URL('cases/', import.meta.url), sections);
const chosen = cases.filter(({ name }) => only.test(name));

const recorded = fs.existsSync(recordFile) ? JSON.parse(fs.readFileSync(recordFile, 'utf8')) : {};
const seen = await observeAll();

if (options.record && !isForeign) record();
else check();

/** Runs the chosen cases. Cases that mostly wait run in addition to the jobs. */
async function observeAll() {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'conformance-')));
  process.on('exit', () => fs.rmSync(directory, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  const target = targetOf(options.server);
  const results = {};
  const observe = async (test) => {
    const { observation, failure, unasked } = await runCase(test, target, directory);
    results[test.name] = { observation, failure, unasked };
    if (options.verbose) console.log(`${test.name}\n  ${failure ?? JSON.stringify(observation)}`);
  };
  const others = chosen.filter((test) => !test.mostlyWaits);
  const job = async () => {
    for (let test = others.shift(); test; test = others.shift()) await observe(test);
  };
  const waiting = chosen.filter((test) => test.mostlyWaits);
  await Promise.all([...waiting.map(observe), ...Array.from({ length: Number(options.jobs) }, job)]);
  return results;
}

/** Splits a command: the words before `app-server` start the program. The environment has only PATH. */
function targetOf(command) {
  const env = { PATH: process.env.PATH };
  if (command === undefined) {
    const main = path.join(root, 'dist/main.cjs');
    return { program: [process.execPath, main], subcommand: ['app-server'], env, isForeign };
  }
  const words = command.split(' ').filter((word) => word !== '');
  const at = words.indexOf('app-server');
  const cut = at < 0 ? words.length : at;
  // Requests to other hosts fail.
  const cage = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' };
  return {
    program: words.slice(0, cut).map((word) => (fs.existsSync(word) ? path.resolve(word) : word)),
    subcommand: words.slice(cut),
    env: { ...env, ...cage },
    isForeign,
  };
}

function record() {
  const failed = chosen.filter(({ name }) => seen[name].failure !== undefined);
  for (const { name } of failed) console.log(`NOT RECORDED ${name}\n  ${seen[name].failure}`);
  const rows = cases
    .map(({ name }) => [name, seen[name]?.observation ?? recorded[name]])
    .filter(([, observation]) => observation !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  fs.writeFileSync(recordFile, `${JSON.stringify(Object.fromEntries(rows), null, 1)}\n`);
  console.log(`${chosen.length - failed.length} recorded, ${failed.length} failed`);
  if (failed.length > 0) process.exitCode = 1;
}

function check() {
  const reasons = departuresOf(fs.readFileSync(new URL('README.md', import.meta.url), 'utf8'));
  const departing = [];
  let failures = 0;
  for (const test of chosen) {
    const { name, departure } = test;
    const found = compare(recorded[name], seen[name]);
    if (found.length === 0) continue;
    if (isForeign && departure && name in recorded) {
      departing.push(test);
      continue;
    }
    failures += 1;
    console.log(
      `FAILED ${name}\n  promise: ${[test.promise].flat().join('; ')}\n${describeDifferences(found)}`,
    );
  }
  const missing = Object.keys(recorded).filter((name) => !cases.some((test) => test.name === name));
  for (const name of missing) console.log(`FAILED ${name}\n  recorded, but not a case`);
  const proven = new Set(cases.flatMap(sectionsProvenBy));
  const unproven = [...sections.keys()].filter((title) => sections.get(title) !== '' && !proven.has(title));
  for (const title of unproven) console.log(`FAILED ${title}\n  no case proves this section`);
  failures += missing.length + unproven.length;

  for (const { name, departure, reason } of departing) {
    const numbers = departure.split(', ');
    const why =
      reason ?? numbers.map((number) => reasons.get(number) ?? 'not in the table of departures').join('; ');
    console.log(`departs ${departure}: ${name}\n  there: ${why}`);
  }
  const unasked = [...new Set(chosen.flatMap(({ name }) => seen[name].unasked))].sort();
  for (const request of unasked)
    console.log(`departs D19: unasked request ${request}\n  there: ${reasons.get('D19')}`);
  if (isForeign) console.log(`${departing.length} departed on purpose`);
  const passed = chosen.length + missing.length + unproven.length - failures - departing.length;
  console.log(`${passed} passed, ${failures} failed`);
  if (failures > 0 || chosen.length === 0) process.exitCode = 1;
}

function compare(want, { observation, failure }) {
  if (failure !== undefined) return [{ path: '/', want, got: failure }];
  const change = isForeign ? withoutErrorData : (value) => value;
  return differences(change(want), change(observation));
}
