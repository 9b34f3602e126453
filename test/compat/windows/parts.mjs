import fs from 'node:fs';
import path from 'node:path';
import { unexplained } from './reasons.mjs';
import { crashed } from './wine.mjs';

const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
/** Longer than the time limit of a test. */
const stallLimitMs = 4 * 60_000;

/**
 * Returns the test files of the checkout whose paths start with one of `starts`, in parts: those of a folder of `test`
 * together. Those that start with one of `leftOut` are not among them.
 */
export function partsOf(checkout, starts, leftOut) {
  const all = fs
    .readdirSync(path.join(checkout, 'test'), { recursive: true })
    .map((name) => `test/${name}`)
    .filter((file) => file.endsWith('.test.ts') && !leftOut.some((start) => file.startsWith(start)))
    .sort();
  const files = [...new Set(starts.flatMap((start) => all.filter((file) => file.startsWith(start))))];
  const folders = [...new Set(files.map(folderOf))];
  return folders.map((folder) => files.filter((file) => folderOf(file) === folder));
}

/** Returns the folder of `test` that a file is in. */
export function folderOf(file) {
  const [test, folder] = file.split('/');
  return `${test}/${folder}`;
}

/**
 * Runs files in one process, because Wine takes seconds to start one. Those that fail without a known reason run again, each
 * in a process of its own, as on other systems. Returns the results by file. `ended` of a file is why it did not end, or
 * its error outside of tests; `again` are the tests that passed only then.
 */
export async function runPart(files, run) {
  const first = await runToEnd(files, { ...run, isolation: '--no-isolate' });
  const bad = first.filter((result) => files.includes(result.file) && unexplained(result).length > 0);
  if (bad.length === 0) return first;
  const second = await runToEnd(
    bad.map(({ file }) => file),
    { ...run, isolation: '--isolate' },
  );
  for (const result of second) {
    const before = bad.find(({ file }) => file === result.file);
    const failed = (before?.tests ?? []).filter(({ state }) => state === 'failed').map(({ name }) => name);
    result.again = result.tests.filter(({ name, state }) => state === 'passed' && failed.includes(name));
  }
  return [...first.filter((result) => !bad.includes(result)), ...second];
}

/** Runs files in one vitest. After a crash of Wine's server, the file at hand runs again alone, and the others go on. */
async function runToEnd(files, run) {
  const { results, ended } = await runFiles(files, run);
  const done = results.filter(({ hasEnded }) => hasEnded);
  const broken = results.filter(({ hasEnded, hasBegun }) => hasBegun && !hasEnded);
  const later = results.filter(({ hasBegun }) => !hasBegun).map(({ file }) => file);
  for (const result of broken) {
    if (ended === crashed && files.length > 1) done.push(...(await runToEnd([result.file], run)));
    else done.push({ ...result, ended });
  }
  if (later.length === files.length || Date.now() > run.until)
    return [...done, ...later.map((file) => ({ file, ended, tests: [] }))];
  return later.length === 0 ? done : [...done, ...(await runToEnd(later, run))];
}

async function runFiles(files, { wine, program, checkout, folder, until, workers, isolation }) {
  const linesPath = path.join(folder, 'results');
  fs.writeFileSync(linesPath, '');
  const words = [isolation, '--reporter=default', '--reporter=./test/compat/windows/line-reporter.mjs'];
  const ended = await wine.run(program, [...vitest, ...words, '--maxWorkers', `${workers}`, ...files], {
    cwd: checkout,
    output: path.join(folder, 'output.txt'),
    until,
    variables: { WINE_RESULTS: `Z:${linesPath}` },
    isStalled: () => Date.now() - fs.statSync(linesPath).mtimeMs > stallLimitMs,
  });
  // Programs that still run would slow down the next part. The server of Wine starts again with it.
  wine.end();
  const lines = fs.readFileSync(linesPath, 'utf8').split('\n').slice(0, -1);
  return {
    results: resultsOf(
      files,
      lines.map((line) => JSON.parse(line)),
      checkout,
      ended,
    ),
    ended,
  };
}

function resultsOf(files, lines, checkout, ended) {
  const results = files.map((file) => {
    const own = lines.filter((line) => line.file && nameOf(line.file, checkout) === file);
    const last = own.find(({ hasEnded }) => hasEnded);
    const tests = own
      .filter(({ name }) => name !== undefined)
      .map(({ name, state, error }) => ({ name, state, ...(error !== undefined && { error }) }));
    const state = { hasBegun: own.length > 0, hasEnded: last !== undefined };
    return { file, ...state, ...(last?.error && { ended: last.error }), tests };
  });
  const others = lines.filter(({ file }) => file === undefined).map(({ error }) => error);
  const hasFailures = results.some(
    (result) => result.ended || result.tests.some(({ error }) => error !== undefined),
  );
  if (
    others.length === 0 &&
    ended !== 'exit code 0' &&
    !hasFailures &&
    results.every(({ hasEnded }) => hasEnded)
  )
    others.push(`${ended}, although nothing failed`);
  return [
    ...results,
    ...others.map((error) => ({
      ...{ file: folderOf(files[0]), ended: error, tests: [] },
      ...{ hasBegun: true, hasEnded: true },
    })),
  ];
}

/** Returns the path in the checkout. Wine reports it as `Z:/tmp/…`. */
function nameOf(name, checkout) {
  return path.relative(checkout, name.replaceAll('\\', '/').replace(/^[A-Za-z]:/, ''));
}
