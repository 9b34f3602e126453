import { createHttpConnections, type HttpConnections } from '../../../backend/http/connections.js';
import { createLog, levelFromRustLog } from '../../../util/log.js';
import type { UsageIo } from '../../io.js';
import { openOwnServices, type OwnServices, type OwnServicesOptions } from '../../in-process/own-services.js';
import { accountKey, type HomeState } from './groups.js';
import { folderOf, homeEnvironment, type NamedHome, namedHomes } from './named.js';

/** A folder with the services to read with it. */
export interface OpenHome extends Pick<HomeState, 'names'> {
  /** Undefined if the folder cannot be used. */
  readonly services: OwnServices | undefined;
  /** Why the folder cannot be used. */
  readonly problem: unknown;
}

type HomesIo = Pick<UsageIo, 'env' | 'clock' | 'random'> & Pick<OwnServicesOptions, 'writeLog'>;

/**
 * Runs `act` with the services of each folder, in the order of the arguments. A folder that is named twice is opened once.
 *
 * @param io `env` is the environment without the variables of any `.env`
 */
export async function withHomes<T>(
  paths: readonly string[],
  io: HomesIo,
  act: (homes: readonly OpenHome[]) => Promise<T>,
): Promise<T> {
  const connect = sharedConnections(io);
  const folders = foldersOf(namedHomes(paths, io.env), io.env);
  const homes = await Promise.all(folders.map((folder) => openHome(folder, io, connect)));
  try {
    return await act(homes);
  } finally {
    await Promise.all(homes.flatMap(({ services }) => (services ? [services.auth.close()] : [])));
  }
}

/** Resolves with a text that is the same for two logins with the same account, user and backend. Sends nothing. */
export async function accountOf({ services }: OpenHome): Promise<string | undefined> {
  try {
    const account = await services?.auth.session.knownAccount('to read rate limits');
    return account && accountKey(account);
  } catch {
    // The read fails for the same reason, and reports it.
    return undefined;
  }
}

interface Folder extends Pick<HomeState, 'names'> {
  readonly path: string | undefined;
  readonly problem: unknown;
}

function foldersOf(homes: readonly NamedHome[], env: NodeJS.ProcessEnv): Folder[] {
  const folders: { names: [NamedHome, ...NamedHome[]]; path: string | undefined; problem: unknown }[] = [];
  for (const home of homes) {
    let path: string | undefined;
    let problem: unknown;
    try {
      path = folderOf(home, env);
    } catch (error) {
      problem = error;
    }
    const known = path === undefined ? undefined : folders.find((folder) => folder.path === path);
    if (known) known.names.push(home);
    else folders.push({ names: [home], path, problem });
  }
  return folders;
}

async function openHome(
  { names, path, problem }: Folder,
  { env, clock, random, writeLog }: HomesIo,
  connect: typeof createHttpConnections,
): Promise<OpenHome> {
  if (path === undefined) return { names, services: undefined, problem };
  try {
    const services = await openOwnServices({
      environment: await homeEnvironment(path, env),
      clock,
      random,
      writeLog: (line) => {
        writeLog(`${names[0].label}: ${line}`);
      },
      connect,
    });
    return { names, services, problem: undefined };
  } catch (error) {
    return { names, services: undefined, problem: error };
  }
}

/** Creates one pool of connections for all homes whose `.env` does not differ: it may name a proxy or certificates. */
function sharedConnections({ writeLog }: HomesIo): typeof createHttpConnections {
  const pools = new Map<string, HttpConnections>();
  return (options) => {
    const { environment, clock } = options;
    const key = JSON.stringify({ ...environment, CODEX_HOME: undefined });
    const known = pools.get(key);
    if (known) return known;
    const level = levelFromRustLog(environment.RUST_LOG);
    const log = createLog({ level, nowMs: () => clock.nowMs(), write: writeLog });
    const pool = createHttpConnections({ ...options, log });
    pools.set(key, pool);
    return pool;
  };
}
