import { expect, test } from 'vitest';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { withUsage } from './fixture.js';

test('a slow read shows on the terminal of stderr that it is under way, until it ends', () => {
  const clock = createManualClock();
  return withUsage({ clock }, async ({ start, backend }) => {
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      backend.script('usage', (_request, response) => {
        answer = () => void response.writeHead(400).end('{}');
        resolve();
        return 'handled';
      });
    });
    const { stderr, exitCode } = start([], { clock, errorColumns: 80 });
    await asked;
    expect(stderr.text()).toBe('');
    clock.fire(300);
    expect(stderr.text()).toBe('Reading the limits …');
    answer();
    expect(await exitCode).toBe(1);
    expect(stderr.text()).toMatch(/^Reading the limits …\r\u001b\[KThe backend answered with status 400 /);
  });
});

test('no timer is set if stderr is not a terminal', () => {
  const clock = createManualClock();
  return withUsage({ clock }, async ({ start, backend }) => {
    const asked = new Promise<void>((resolve) => {
      backend.script('usage', () => {
        resolve();
        return undefined;
      });
    });
    const { stderr, exitCode } = start([], { clock });
    await asked;
    clock.fire(300);
    await exitCode;
    expect(stderr.text()).toBe('');
  });
});
