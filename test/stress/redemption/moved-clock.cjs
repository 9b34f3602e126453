// Preloaded into the processes of a round. Their system time is that of the machine plus the milliseconds in a file, as
// if the clock of the machine was set. Timers and `performance.now()` are not changed, as with a real clock.
const { readFileSync } = require('node:fs');

const path = process.env.MOVED_CLOCK;
const realNow = Date.now;

Date.now = () => realNow() + Number(readFileSync(path, 'utf8'));
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [Date.now()] : args, newTarget),
});
