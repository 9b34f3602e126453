import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { osErrorText } from '../../util/files/os-error.js';
import { safeLine } from '../../util/text/safe-text.js';
import type { GenerateCommand } from '../start/command-line.js';
import { printAll, type TextOutput } from '../terminal/print.js';
import { wrongUse } from '../wrong-use.js';

const helpText = (command: GenerateCommand): string =>
  `Usage: codex-account-server app-server ${command} --out DIR

Writes the types of the protocol that this server serves. Makes DIR if
needed, replaces files of the same names, and leaves other files there.

  -o, --out DIR        the folder to write to
      --experimental   accepted: all types are always written
${command === 'generate-ts' ? '  -p, --prettier BIN   format the files with this program\n' : ''}  -h, --help           show this help

Exit codes: 0 written; 1 not; 2 wrong usage.
`;

/** The streams, and the folder of the package with the types. */
export interface GenerateIo {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly schemaFolder: string;
}

/** Writes the types of the protocol to a folder, in the layout of codex. Resolves with the exit code. */
export async function runGenerate(
  command: GenerateCommand,
  args: readonly string[],
  io: GenerateIo,
): Promise<number> {
  let choice: ReturnType<typeof readArguments>;
  try {
    choice = readArguments(command, args);
  } catch (error) {
    io.stderr.write(wrongUse(`app-server ${command}`, error));
    return 2;
  }
  if (choice === 'help') return printAll(`app-server ${command}`, helpText(command), io);
  const { out, prettier } = choice;
  try {
    const files = command === 'generate-ts' ? typeScript(io.schemaFolder) : jsonSchemas(io.schemaFolder);
    const paths = writeFiles(out, files);
    if (prettier !== undefined) format(prettier, paths);
    return 0;
  } catch (error) {
    io.stderr.write(`Error: ${(error as Error).message}\n`);
    return 1;
  }
}

function readArguments(
  command: GenerateCommand,
  args: readonly string[],
): 'help' | { readonly out: string; readonly prettier: string | undefined } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      out: { type: 'string', short: 'o' },
      experimental: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      prettier: { type: 'string', short: 'p' },
    },
  });
  if (values.help) return 'help';
  if (command !== 'generate-ts' && values.prettier !== undefined)
    throw new Error('--prettier is for generate-ts');
  if (!values.out) throw new Error('--out DIR is required');
  return { out: values.out, prettier: values.prettier };
}

/** The content of files by their paths in the folder. */
type Files = ReadonlyMap<string, string>;

/** Returns each type in a file, again in `v2` where some of codex's are, and an index of both. */
function typeScript(schemaFolder: string): Files {
  const types = readTypes(join(schemaFolder, 'typescript'), '.ts');
  const names = [...types.keys()];
  const index = names.map((name) => `export type { ${name} } from './${name}.js';\n`).join('');
  return new Map([
    ...names.map((name) => [`${name}.ts`, types.get(name) ?? ''] as const),
    ...names.map((name) => [`v2/${name}.ts`, `export type { ${name} } from '../${name}.js';\n`] as const),
    ['index.ts', index],
    ['v2/index.ts', index],
  ]);
}

/** Returns each schema in a file, again in `v2`, and all of them in one. */
function jsonSchemas(schemaFolder: string): Files {
  const schemas = readTypes(join(schemaFolder, 'json'), '.json');
  const files = [...schemas].map(([name, text]) => [`${name}.json`, text] as const);
  const definitions = Object.fromEntries(
    [...schemas].map(([name, text]) => [
      name,
      JSON.parse(text.replaceAll(/"\.\/(\w+)\.json"/g, '"#/definitions/$1"')) as unknown,
    ]),
  );
  const $schema = 'http://json-schema.org/draft-07/schema#';
  const all = `${JSON.stringify({ $schema, title: 'CodexAppServerProtocol', type: 'object', definitions }, null, 2)}\n`;
  return new Map([
    ...files,
    ...files.map(([path, text]) => [`v2/${path}`, text] as const),
    ['codex_app_server_protocol.schemas.json', all],
    ['codex_app_server_protocol.v2.schemas.json', all],
  ]);
}

/** Reads the files of a folder of the package, by the names of their types. */
function readTypes(folder: string, extension: string): Map<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith(extension));
  return new Map(
    names.sort().map((name) => [basename(name, extension), readFileSync(join(folder, name), 'utf8')]),
  );
}

/** Returns the paths of the files. */
function writeFiles(out: string, files: Files): string[] {
  orFail(out, () => mkdirSync(out, { recursive: true }));
  return [...files].map(([name, text]) => {
    const path = join(out, name);
    orFail(path, () => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    });
    return path;
  });
}

/** @throws Error with codex's text, in several lines */
function orFail(path: string, create: () => void): void {
  try {
    create();
  } catch (error) {
    const reason = osErrorText((error as NodeJS.ErrnoException).code);
    throw new Error(`Failed to create ${safeLine(path)}\n\nCaused by:\n    ${reason}`, { cause: error });
  }
}

/** Formats files with the program of the caller. @throws Error with codex's texts */
function format(program: string, paths: readonly string[]): void {
  const { error, status } = spawnSync(program, ['--write', '--log-level', 'warn', ...paths], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (error) throw new Error(`Failed to invoke Prettier at ${safeLine(program)}`, { cause: error });
  if (status !== 0) throw new Error(`Prettier failed with status exit status: ${status}`);
}
