import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BrowserLoginFixture, withBrowserLogin } from './browser-fixture.js';

/** Debian's package `chromium`. */
const executablePath = '/usr/bin/chromium';
const isThere = existsSync(executablePath);

/** The folder for a picture of each page. Without it no pictures are taken. */
const shotsFolder = process.env.CHROMIUM_SHOTS;

const switches = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

let browser: Browser | undefined;

beforeAll(async () => {
  if (!isThere) return;
  browser = await chromium.launch({ executablePath, args: switches, chromiumSandbox: false });
});
afterAll(() => browser?.close());

/** Opens a page and collects the errors of its console. */
async function withPage(act: (page: Page, errors: string[]) => Promise<void>): Promise<void> {
  if (!browser) throw new Error('Chromium was not started');
  const page = await browser.newPage({ viewport: { width: 900, height: 640 } });
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  try {
    await act(page, errors);
  } finally {
    await page.close();
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  if (!shotsFolder) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: join(shotsFolder, `${name}-${colorScheme}.png`) });
  }
}

function chromiumTest(name: string, act: (fixture: BrowserLoginFixture) => Promise<void>): void {
  test.runIf(isThere)(name, () => withBrowserLogin({}, act), 60_000);
}

test.skipIf(isThere)('Chromium is not installed, so no login was tested in it', () => {
  console.warn(`There is no ${executablePath}: no login was tested in a real browser.`);
});

chromiumTest('Allow stores the login, and the page says so', ({ begin, saved }) =>
  withPage(async (page, errors) => {
    const { flow, ending, origin } = await begin();
    await page.goto(flow.answer.authUrl);
    await shoot(page, 'authorize');
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor();
    await shoot(page, 'allow');
    expect(page.url().startsWith(`${origin}/success?id_token=`)).toBe(true);
    expect(await ending).toBe('ok');
    expect(saved).toHaveLength(1);
    expect(errors).toEqual([]);
  }),
);

chromiumTest('Deny stores nothing, and the page has the reason', ({ begin, saved }) =>
  withPage(async (page, errors) => {
    const { flow, ending } = await begin();
    await page.goto(flow.answer.authUrl);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('heading', { name: 'Sign-in could not be completed' }).waitFor();
    await shoot(page, 'deny');
    expect(await page.getByRole('alert').innerText()).toBe('Sign-in failed: The login was denied');
    expect(await ending).toBe('Login server error: Sign-in failed: The login was denied');
    expect(saved).toEqual([]);
    expect(errors).toEqual([]);
  }),
);

chromiumTest(
  'a login that fails at the issuer shows the error text without rendering its HTML',
  ({ backend, begin }) =>
    withPage(async (page, errors) => {
      const text = `<img src=x onerror="alert(1)"> ${'long'.repeat(60)}`;
      backend.script('token', { status: 400, body: { error_description: text } });
      const { flow } = await begin();
      await page.goto(flow.answer.authUrl);
      await page.getByRole('button', { name: 'Allow' }).click();
      expect(await page.getByRole('alert').innerText()).toBe(
        `Token exchange failed: token endpoint returned status 400 Bad Request: ${text}`,
      );
      await shoot(page, 'failure');
      expect(errors).toEqual([]);
    }),
);

chromiumTest('cancel: the page says so, and the login has ended', ({ begin, saved }) =>
  withPage(async (page) => {
    const { ending, origin } = await begin();
    await page.goto(`${origin}/cancel`);
    await shoot(page, 'cancel');
    expect(await page.innerText('body')).toBe('Login cancelled');
    expect(await ending).toBe('Login server error: Login cancelled');
    expect(saved).toEqual([]);
  }),
);

chromiumTest('a page of another site cannot cancel the login', ({ begin }) =>
  withPage(async (page) => {
    const { origin, open } = await begin();
    const reply = page.waitForResponse(`${origin}/cancel`);
    await page.setContent(`<img src="${origin}/cancel">`);
    expect((await reply).status()).toBe(404);
    expect(await open('/')).toMatchObject({ status: 404 });
  }),
);
