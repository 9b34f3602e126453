// A process that redeems by a rule, as the command does. The pauses between its reads take a moment, as after a sleep of
// the machine. The arguments are the folder of the modules, and those of `redeem`.
const [modules, ...args] = process.argv.slice(2);
const { runRedeem } = await import(`${modules}/cli/redeem/command.js`);
const { systemClock } = await import(`${modules}/util/clock.js`);

/** How long the machine seems to have slept after a pause between reads: longer than a tick of the wait. */
const sleepMs = 60_000;
let hasSlept = false;

const clock = {
  ...systemClock,
  nowMs() {
    const now = Date.now() + (hasSlept ? sleepMs : 0);
    hasSlept = false;
    return now;
  },
  after(delayMs, callback) {
    const { stack = '' } = new Error();
    if (!stack.includes('/util/wall-clock.js'))
      return systemClock.after(isShort(stack) ? delayMs / 50 : delayMs, callback);
    return systemClock.after(20, () => {
      hasSlept = true;
      callback();
    });
  },
};

/** Pauses between repeated requests and between the reads after a redemption. */
function isShort(stack) {
  return ['verify', 'attempt'].some((name) => stack.includes(`/client/redemption/${name}.js`));
}

const { stdin, stdout, stderr, env } = process;
process.exit(
  await runRedeem(args, {
    ...{ stdin, stdout, stderr, env, serverEnv: env, clock, random: Math.random },
    untilStopped: () => new Promise((resolve) => process.once('SIGTERM', resolve)),
  }),
);
