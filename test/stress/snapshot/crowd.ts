import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { withBuiltServer } from '../../support/processes/built-server.js';
import type { ScriptedReply } from '../../../src/dev-backend/server.js';
import type { UsageOutput } from '../../../src/client/protocol.js';

const main = fileURLToPath(new URL('../../../dist/main.cjs', import.meta.url));
const library = new URL('../../../dist/client.mjs', import.meta.url).href;
const reading = fileURLToPath(new URL('reading.mjs', import.meta.url));

export interface CrowdOptions {
  readonly seconds: number;
  /** Loops that run `usage --max-age 2 --json` again and again. */
  readonly loops: number;
  /** Servers that watch. */
  readonly servers: number;
  /** Programs that read with the library. */
  readonly clients: number;
  /** Whether a credit is redeemed in the middle. */
  readonly redeems: boolean;
  /** Replaces the answer with the usage. */
  readonly usageReply?: ScriptedReply;
}

/** The answer that one process has got. */
export interface CrowdAnswer {
  readonly askedAtMs: number;
  /** Unix seconds; undefined if the read has failed. */
  readonly readAt?: number | undefined;
  readonly usedPercent?: number | null | undefined;
  /** The kind of the error. */
  readonly kind?: string | undefined;
}

export interface CrowdResult {
  readonly answers: readonly CrowdAnswer[];
  /** The use of the window in each notification of a watch. */
  readonly notified: readonly number[];
  /** When each request for the usage arrived. */
  readonly requestsAtMs: readonly number[];
  /** When the answer to the consume had come. */
  readonly redeemedAtMs: number | undefined;
}

export const maxAgeMs = 2_000;

/** Lets processes read with one CODEX_HOME at the same time. */
export async function runCrowd(options: CrowdOptions): Promise<CrowdResult> {
  const answers: CrowdAnswer[] = [];
  const requestsAtMs: number[] = [];
  let notified: number[] = [];
  let redeemedAtMs: number | undefined;
  await withBuiltServer({ scenario: 'at-limit' }, async ({ backend, home, server, start }) => {
    backend.script('usage', () => {
      requestsAtMs.push(Date.now());
      return options.usageReply;
    });
    const env = { PATH: process.env.PATH, HOME: home.path, CODEX_HOME: home.path };
    const endsAtMs = Date.now() + options.seconds * 1000;
    const servers = Array.from({ length: options.servers }, () => start());
    for (const each of [server, ...servers]) {
      await each.call(1, 'initialize', { clientInfo: { name: 'crowd', version: '1' } });
    }
    for (const each of servers) await each.call(2, 'account/rateLimits/watch', { intervalSecs: 15 });

    async function runUsage(): Promise<void> {
      const askedAtMs = Date.now();
      const text = await outputOf([main, 'usage', '--max-age', `${maxAgeMs / 1000}`, '--json'], env);
      const output = JSON.parse(text) as UsageOutput;
      answers.push(
        'error' in output
          ? { askedAtMs, kind: output.error.data.kind }
          : { askedAtMs, readAt: output.readAt, usedPercent: output.limits[0]?.windows[0]?.usedPercent },
      );
    }

    async function loopUsage(): Promise<void> {
      while (Date.now() < endsAtMs) await runUsage();
    }

    async function readWithLibrary(): Promise<void> {
      const text = await outputOf([reading, library, `${maxAgeMs}`], env, endsAtMs - Date.now());
      for (const line of text.trim().split('\n')) answers.push(JSON.parse(line) as CrowdAnswer);
    }

    async function redeem(): Promise<void> {
      await pause((options.seconds * 1000) / 2);
      await server.call(3, 'account/rateLimitResetCredit/consume', { idempotencyKey: 'crowd' });
      redeemedAtMs = Date.now();
    }

    await Promise.all([
      ...Array.from({ length: options.loops }, loopUsage),
      ...Array.from({ length: options.clients }, readWithLibrary),
      ...(options.redeems ? [redeem()] : []),
    ]);
    // On a slow machine no loop may have come to it after the redemption.
    if (options.redeems) await runUsage();
    notified = servers.flatMap(({ lines }) =>
      lines
        .map((line) => JSON.parse(line) as Notified)
        .filter(({ method }) => method === 'account/rateLimits/updated')
        .map(({ params }) => params.rateLimits.primary.usedPercent),
    );
  });
  return { answers, notified, requestsAtMs, redeemedAtMs };
}

interface Notified {
  readonly method?: string;
  readonly params: { readonly rateLimits: { readonly primary: { readonly usedPercent: number } } };
}

/** Runs a program until it exits by itself, or after its input was closed. Returns its stdout. */
async function outputOf(args: readonly string[], env: NodeJS.ProcessEnv, inputMs = 0): Promise<string> {
  const child = spawn(process.execPath, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const closed = once(child, 'close');
  await Promise.race([closed, pause(inputMs, undefined, { ref: false })]);
  child.stdin.end();
  await closed;
  return text;
}
