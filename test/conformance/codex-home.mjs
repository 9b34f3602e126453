// Temporary CODEX_HOME directories and their files.
import fs from 'node:fs';
import path from 'node:path';

/** Creates a directory with a config.toml that names the backend and, if wanted, a login. */
export function makeCodexHome(parent, { backendUrl, login = 'chatgpt', config = '' }) {
  const home = fs.mkdtempSync(path.join(parent, 'home-'));
  const text =
    typeof config === 'function' ? config(backendUrl) : `chatgpt_base_url = "${backendUrl}"\n${config}`;
  fs.writeFileSync(path.join(home, 'config.toml'), text);
  writeLogin(home, login);
  return home;
}

const logins = {
  chatgpt: () => chatgptLogin(),
  apiKey: () => ({ auth_mode: 'apikey', OPENAI_API_KEY: 'sk-test-key' }),
};

/** Stores a login: by name, as an object, as the text of auth.json, or `none`. Replaces the file at once. */
export function writeLogin(home, login) {
  const file = path.join(home, 'auth.json');
  if (login === 'none') {
    fs.rmSync(file, { force: true });
    return;
  }
  const content = logins[login]?.() ?? login;
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 2);
  fs.writeFileSync(`${file}.new`, text, { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

export const storedTokens = {
  id_token: idToken({ chatgpt_plan_type: 'pro', chatgpt_user_id: 'user-1' }),
  access_token: 'access-token-1',
  refresh_token: 'refresh-token-1',
  account_id: 'account-1',
};

/** Returns the auth.json of a ChatGPT login; undefined members are omitted. Its last refresh is now, so none is due. */
export function chatgptLogin(tokens = {}, file = {}) {
  return {
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: { ...storedTokens, ...tokens },
    last_refresh: new Date().toISOString(),
    ...file,
  };
}

/** Returns an unsigned id token with these OpenAI claims and members of its payload. */
export function idToken(claims, payload = { email: 'me@example.com' }) {
  const own = claims && { 'https://api.openai.com/auth': claims };
  return [{ alg: 'none' }, { ...payload, ...own }, 'signature'].map(base64Url).join('.');
}

function base64Url(part) {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');
}
