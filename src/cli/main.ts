#!/usr/bin/env node
import process from 'node:process';
import { readCommandLine } from './arguments.js';
import { versionLine } from './help.js';

/** Loads only what the command needs; resolves with the exit code. */
async function main(): Promise<number> {
  const { stdin, stdout, stderr, env } = process;
  const command = readCommandLine(process.argv.slice(2));
  switch (command.kind) {
    case 'appServer': {
      const { runAppServer } = await import('./app-server.js');
      return runAppServer(command);
    }
    case 'devBackend': {
      const { runDevBackend } = await import('./dev-backend.js');
      return runDevBackend(command.args, { stdout, stderr, untilStopped: untilSignalled() });
    }
    case 'demo': {
      const { runDemo } = await import('./demo.js');
      return runDemo(command.args, { stdout, stderr });
    }
    case 'login': {
      const { runLogin } = await import('./login.js');
      return runLogin(command.args, { stdin, stdout, stderr, env, untilStopped: untilSignalled });
    }
    case 'logout': {
      const { runLogout } = await import('./logout.js');
      return runLogout(command.args, { stdout, stderr, env });
    }
    case 'usage': {
      const [{ runUsage }, { systemClock }, { jobControl }] = await Promise.all([
        import('./usage.js'),
        import('../util/clock.js'),
        import('./job-control.js'),
      ]);
      const world = { clock: systemClock, random: Math.random, jobControl, untilStopped: untilSignalled };
      return runUsage(command.args, { stdout, stderr, env, ...world });
    }
    case 'completion': {
      const { runCompletion } = await import('./completion.js');
      return runCompletion(command.args, { stdout, stderr });
    }
    case 'version':
      stdout.write(versionLine);
      return 0;
    case 'help': {
      const { helpText } = await import('./help.js');
      stdout.write(helpText());
      return 0;
    }
    case 'refused':
      stderr.write(`Error: ${command.message}\n`);
      return command.exitCode;
  }
}

function untilSignalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
}

process.exit(await main());
