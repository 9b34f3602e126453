import { accounts, issued, named, stored, told } from '../login-facts.mjs';

const start = 'account/login/start';
const token = '/oauth/token';
const userCode = '/api/accounts/deviceauth/usercode';
const deviceToken = '/api/accounts/deviceauth/token';
const status = ['getAuthStatus', { includeToken: true }];

/** Opens what a browser is led to; a redirect is not followed. */
async function browse(url, search = {}) {
  const target = new URL(url);
  for (const [name, value] of Object.entries(search)) target.searchParams.set(name, value);
  const response = await fetch(target, { redirect: 'manual' });
  const text = await response.text();
  const shown = text.startsWith('<') || text === '' ? 'a page' : text;
  return { status: response.status, location: response.headers.get('location'), shown };
}

const form = (body) => Object.fromEntries(new URLSearchParams(body));

export default [
  {
    name: 'an API key is stored as it is, and told of behind the answer',
    promise: 'account/login/start, account/login/cancel, account/logout: the answer comes first',
    login: 'none',
    run: async ({ open, home }) => {
      const server = await open();
      const answer = await server.ask(start, { type: 'apiKey', apiKey: ' sk-new ' });
      await server.told('account/updated');
      const names = server.messages.map(({ method }) => method ?? 'answer');
      const [, ...order] = names.filter((name) => name === 'answer' || name.startsWith('account/'));
      return { answer, order, told: told(server), stored: stored(home), now: await server.ask(...status) };
    },
  },
  {
    name: 'a login on another device asks the issuer until somebody has agreed, and is stored',
    promise:
      'account/login/start, account/login/cancel, account/logout: a device login asks the issuer at once',
    departure: 'D1',
    login: 'none',
    run: async ({ open, home, backend }) => {
      backend.replies['accounts/check'] = accounts;
      backend.replies[userCode] = { body: { device_auth_id: 'device', user_code: 'CODE', interval: '1' } };
      backend.replies[deviceToken] = { status: 403, body: {} };
      backend.replies[token] = { body: issued };
      const server = await open();
      const answer = await server.ask(start, { type: 'chatgptDeviceCode' });
      await backend.asked(deviceToken);
      backend.replies[deviceToken] = {
        body: { authorization_code: 'code', code_challenge: 'challenge', code_verifier: 'verifier' },
      };
      await server.told('account/updated');
      const sent = backend.requests.filter(({ resource }) => [userCode, deviceToken].includes(resource));
      const exchanged = backend.requests.find(({ resource }) => resource === token);
      return {
        answer: named(answer),
        sent: [...new Set(sent.map(({ method, path: asked, body }) => `${method} ${asked} ${body}`))],
        exchanged: form(exchanged.body),
        told: told(server),
        stored: stored(home),
        now: await server.ask(...status),
      };
    },
  },
  {
    name: 'a login in the browser returns to this machine, where only its state counts, and is stored',
    promise: 'account/login/start, account/login/cancel, account/logout: in the browser, at `authUrl`',
    departure: 'D1',
    login: 'none',
    run: async ({ open, home, backend }) => {
      backend.replies['accounts/check'] = accounts;
      backend.replies[token] = { body: issued };
      const server = await open();
      const { authUrl, ...answer } = await server.ask(start, { type: 'chatgpt' });
      const {
        state,
        code_challenge: challenge,
        redirect_uri: back,
        ...asked
      } = form(new URL(authUrl).search);
      const pages = {
        wrongState: await browse(back, { code: 'code', state: 'x' }),
        elsewhere: await browse(new URL('/nope', back)),
        done: await browse(back, { code: 'code', state }),
      };
      const last = new URL(pages.done.location);
      pages.done.location = last.pathname;
      pages.last = await browse(last);
      await server.told('account/updated');
      const {
        code_verifier: verifier,
        redirect_uri: exchangedFor,
        ...exchanged
      } = form(backend.requests.find(({ resource }) => resource === token).body);
      return {
        answer: named(answer),
        asked,
        lengths: [state, challenge, verifier].map(({ length }) => length),
        isSameAddress: exchangedFor === back && /^http:\/\/127\.0\.0\.1:145[57]\/auth\/callback$/.test(back),
        pages,
        exchanged,
        told: told(server),
        stored: stored(home),
      };
    },
  },
  {
    name: 'a login is given up once, and the next one takes the place of the one before',
    promise: 'account/login/start, account/login/cancel, account/logout: there is one login at a time',
    login: 'none',
    run: async ({ open, home, backend }) => {
      backend.replies[userCode] = { body: { device_auth_id: 'device', user_code: 'CODE', interval: '60' } };
      backend.replies[deviceToken] = { status: 403, body: {} };
      const server = await open();
      const begin = () => server.ask(start, { type: 'chatgptDeviceCode' });
      const cancel = (loginId) => server.ask('account/login/cancel', { loginId });
      const first = await begin();
      const second = await begin();
      await server.told('account/login/completed');
      const canceled = [await cancel(first.loginId), await cancel(second.loginId.toUpperCase())];
      await server.told('account/login/completed', 2);
      canceled.push(await cancel(second.loginId), await cancel('x'));
      return { canceled, told: told(server), stored: stored(home) };
    },
  },
  {
    name: 'a device login that the issuer refuses says so, and leaves what was stored',
    promise: 'account/login/start, account/login/cancel, account/logout: a failed one leaves what was stored',
    login: 'apiKey',
    run: async ({ open, home, backend }) => {
      const server = await open();
      backend.replies[userCode] = { status: 404, body: {} };
      const notOffered = await server.ask(start, { type: 'chatgptDeviceCode' });
      backend.replies[userCode] = { body: { device_auth_id: 'device', user_code: 'CODE', interval: '1' } };
      backend.replies[deviceToken] = { status: 400, body: {} };
      await server.ask(start, { type: 'chatgptDeviceCode' });
      await server.told('account/login/completed');
      return { notOffered, told: told(server), stored: stored(home) };
    },
  },
];
