import fs from 'node:fs';
import path from 'node:path';

const whoamiPath = '/v1/user-auth-credential/whoami';
const words = ['login', '--with-access-token'];
const owner = {
  email: null,
  chatgpt_user_id: 'user-2',
  chatgpt_account_id: 'account-2',
  chatgpt_plan_type: 'team',
  chatgpt_account_is_fedramp: false,
};

/** Codex writes warnings of its own before these lines. */
const own = /^(Reading|Success|Error logging in|No access|Failed to read|Access token login)/;
const linesOf = (text) => text.split('\n').filter((line) => own.test(line));

export default [
  {
    name: 'a personal access token replaces the login once its issuer has recognised it',
    promise: 'Access token: If it does not know the token',
    run: async ({ start, home, backend }) => {
      const env = { CODEX_AUTHAPI_BASE_URL: backend.url };
      const inputs = {
        blank: ' \n',
        other: 'token',
        twoLines: 'at-1\nat-2',
        notText: Buffer.from('at-\xff', 'latin1'),
        refused: 'at-refused',
        misfit: 'at-misfit',
        good: ' at-good \n',
      };
      backend.replies[whoamiPath] = ({ headers }, response) => {
        const isRefused = headers.authorization === 'Bearer at-refused';
        const body = headers.authorization === 'Bearer at-misfit' ? {} : owner;
        response.writeHead(isRefused ? 401 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(isRefused ? {} : body));
      };
      const file = path.join(home, 'auth.json');
      const before = fs.readFileSync(file, 'utf8');
      const seen = {};
      for (const [name, input] of Object.entries(inputs)) {
        const login = start({ words, env });
        login.send(input);
        const { code } = await login.end();
        const isSame = fs.readFileSync(file, 'utf8') === before;
        seen[name] = { code, lines: linesOf(login.stderr()), isSame };
      }
      return {
        seen,
        stored: fs.readFileSync(file, 'utf8'),
        mode: (fs.statSync(file).mode & 0o777).toString(8),
        asked: backend.requests.map(({ path: asked, headers }) => [asked, headers.authorization]),
      };
    },
  },
  {
    name: 'a personal access token that the settings do not allow is refused',
    promise: 'Access token: or if the settings do not allow the account, the old login stays',
    run: async ({ start, home, backend }) => {
      backend.replies[whoamiPath] = { body: owner };
      const seen = {};
      for (const line of ['forced_login_method = "api"', 'forced_chatgpt_workspace_id = [" x ", ""]']) {
        fs.writeFileSync(path.join(home, 'config.toml'), `chatgpt_base_url = "${backend.url}"\n${line}\n`);
        const login = start({ words, env: { CODEX_AUTHAPI_BASE_URL: backend.url } });
        login.send('at-good');
        const { code } = await login.end();
        seen[line] = { code, lines: linesOf(login.stderr()) };
      }
      return { seen, asked: backend.requests.length };
    },
  },
];
