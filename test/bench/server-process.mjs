// A measured server, and the client's end of its streams. All times are milliseconds of the monotonic clock.
import { spawn } from 'node:child_process';
import { checkRead } from './bodies.mjs';

export const nowMs = () => Number(process.hrtime.bigint()) / 1e6;

/** The longest pause of a server. */
const maxSilenceMs = 30_000;

/** Starts a contestant with its command and environment, as a child of the measuring program. */
export function startMeasured({ words, environment, cwd }, measurer) {
  const child = spawn(measurer, words, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: environment, cwd });
  const waiting = new Map();
  let report = '';
  let errors = '';
  let unread = '';
  let lastId = 0;
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (text) => (errors = (errors + text).slice(-1000)));
  child.stdio[3].on('data', (text) => (report += text));
  child.stdout.setEncoding('utf8').on('data', (text) => {
    const atMs = nowMs();
    const lines = (unread + text).split('\n');
    unread = lines.pop();
    for (const line of lines) {
      const message = JSON.parse(line);
      waiting.get(message.id)?.({ message, atMs });
      waiting.delete(message.id);
    }
  });
  const fail = (why) => new Error(`${words.join(' ')}: ${why}; stderr: ${errors}`);
  const ended = new Promise((resolve) => child.once('close', resolve)).then(() => usageFrom(report));

  /** Writes requests at once; resolves with the responses and the time of each. */
  function requests(method, params, count = 1) {
    const ids = Array.from({ length: count }, () => (lastId += 1));
    const answers = ids.map((id) => new Promise((resolve) => waiting.set(id, resolve)));
    child.stdin.write(ids.map((id) => `${JSON.stringify({ id, method, params })}\n`).join(''));
    return inTime(Promise.race([Promise.all(answers), ended.then(() => Promise.reject(fail('ended')))]));
  }

  async function inTime(work) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => {
        // The measuring program ends with the server. The pid 0 would be this program's own group.
        const pid = Number(report.split(' ', 1)[0]);
        if (pid > 0) process.kill(pid, 'SIGKILL');
        reject(fail('silent'));
      }, maxSilenceMs);
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }

  return {
    async initialize() {
      const clientInfo = { name: 'bench', title: null, version: '1' };
      const [{ atMs }] = await requests('initialize', { clientInfo });
      child.stdin.write('{"method":"initialized"}\n');
      return atMs;
    },
    /** Resolves with the times of the responses to this many reads. */
    async reads(count = 1) {
      const answers = await requests('account/rateLimits/read', {}, count);
      for (const { message } of answers) checkRead(message);
      return answers.map(({ atMs }) => atMs);
    },
    /** Ends its input; resolves with the measurements. */
    async end() {
      const endingMs = nowMs();
      child.stdin.end();
      const usage = await inTime(ended);
      if (usage.status !== 0) throw fail(`status ${usage.status}`);
      return { ...usage, exitMs: usage.endedMs - endingMs };
    },
  };
}

/** Reads the report of the measuring program. */
export function usageFrom(report) {
  const [, beganMs, endedMs, userMs, systemMs, peakKib, status] = report.split(/\s/).map(Number);
  return { beganMs, endedMs, cpuMs: userMs + systemMs, peakMib: peakKib / 1024, status };
}
