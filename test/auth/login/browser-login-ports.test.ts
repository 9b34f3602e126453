import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { withBrowserLogin } from './browser-fixture.js';
import type { ManualClock } from '../../support/clocks/manual-clock.js';

/** Runs `act` while other servers listen on `count` ports. `asked` lists the requests to them. */
async function withTakenPorts(
  count: number,
  answer: (response: ServerResponse) => void,
  act: (ports: number[], asked: string[]) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const servers: Server[] = [];
  for (let opened = 0; opened < count; opened += 1) {
    const server = createServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      answer(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
  }
  try {
    await act(
      servers.map((server) => (server.address() as AddressInfo).port),
      asked,
    );
  } finally {
    for (const server of servers) server.close().closeAllConnections();
  }
}

async function passPauses(clock: ManualClock, count: number): Promise<void> {
  for (let passed = 0; passed < count; passed += 1) {
    await clock.untilSet(200);
    clock.fire(200);
  }
}

const notFound = (response: ServerResponse): void => {
  response.writeHead(404).end();
};

test('an older login on the port is cancelled', () =>
  withBrowserLogin({}, async ({ begin, clock }) => {
    const older = await begin();
    const port = Number(new URL(older.origin).port);
    const newer = begin({}, [port, 0]);
    expect(await older.ending).toBe('Login server error: Login cancelled');
    await passPauses(clock, 1);
    expect((await newer).origin).toBe(older.origin);
  }));

test('a port in use is tried ten times, then the other port is used', () =>
  withTakenPorts(1, notFound, ([port = 0], asked) =>
    withBrowserLogin({}, async ({ begin, clock }) => {
      const begun = begin({}, [port, 0]);
      await passPauses(clock, 10);
      expect((await begun).origin).not.toBe(`http://127.0.0.1:${port}`);
      expect(asked).toEqual(['GET /cancel']);
    }),
  ));

test('a program on the port that does not answer gets two seconds', () =>
  withTakenPorts(
    1,
    () => undefined,
    ([port = 0]) =>
      withBrowserLogin({}, async ({ begin, clock }) => {
        const begun = begin({}, [port, 0]);
        await clock.untilSet(2_000);
        clock.fire(2_000);
        await passPauses(clock, 10);
        await begun;
      }),
  ));

test('the login fails if both ports are in use', () =>
  withTakenPorts(2, notFound, ([one = 0, other = 0], asked) =>
    withBrowserLogin({}, async ({ begin, clock }) => {
      const begun = begin({}, [one, other]);
      const refused = expect(begun).rejects.toMatchObject({
        kind: 'loginFailed',
        message: `failed to start login server: Port 127.0.0.1:${other} is already in use`,
      });
      await passPauses(clock, 20);
      await refused;
      expect(asked).toEqual(['GET /cancel']);
      expect(clock.openDelaysMs()).toEqual([]);
    }),
  ));
