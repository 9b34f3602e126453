import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** A step of a save: opening a file for writing, writing, synchronising, or renaming. */
export type Step = 'open' | 'write' | 'sync' | 'rename';

export interface FilePlan {
  readonly step: Step;
  /** How many operations of this step succeed first. */
  readonly skip: number;
  /** How many fail then. */
  readonly times: number;
  /** How they fail. With `kill` the process kills itself. */
  readonly error: 'EIO' | 'EBUSY' | 'EPERM' | 'EACCES' | 'kill';
}

/** Lets the saves of auth.json in a folder fail, in the processes that have its environment. */
export interface FailingFiles {
  readonly environment: Readonly<Record<string, string>>;
  /** Sets what happens from now on; undefined: nothing. */
  plan(plan: FilePlan | undefined): void;
  /** Returns how many operations have failed since the last plan was set. */
  failures(): number;
  remove(): void;
}

/** Whether errors can be injected: `cc` compiles a library that node loads first. */
export const canFail = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;

/** The end of the name of a test that injects none. */
export const whyNotFailing = canFail ? '' : ', without injected errors: they need cc, on Linux';

const source = fileURLToPath(new URL('failing-files.c', import.meta.url));

/** Compiles the library. The caller removes it. */
export function createFailingFiles(folder: string): FailingFiles {
  const own = mkdtempSync(join(tmpdir(), 'failing-files-'));
  const library = join(own, 'failing-files.so');
  const planPath = join(own, 'plan');
  const { status, stderr } = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, source, '-ldl'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`cc failed: ${stderr}`);
  return {
    environment: { LD_PRELOAD: library, FAILING_FOLDER: folder, FAILING_PLAN: planPath },
    plan(plan) {
      rmSync(planPath, { force: true });
      if (!plan) return;
      rmSync(`${planPath}.done`, { force: true });
      const { step, skip, times, error } = plan;
      const code = error === 'kill' ? 0 : constants.errno[error];
      writeFileSync(planPath, `${step.charAt(0)} ${skip} ${times} ${code}`);
    },
    failures() {
      try {
        return readFileSync(`${planPath}.done`).length;
      } catch {
        return 0;
      }
    },
    remove: () => rmSync(own, { recursive: true }),
  };
}
