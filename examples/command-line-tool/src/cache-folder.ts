import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where programs of this user keep what they can make again. */
function userCacheFolder(): string {
  const { XDG_CACHE_HOME: named, LOCALAPPDATA: local } = process.env;
  if (named !== undefined && isAbsolute(named)) return named;
  if (process.platform === 'win32') return local ?? join(homedir(), 'AppData', 'Local');
  return join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
}

/** Where this tool keeps its results unless told otherwise. */
export function defaultCacheFolder(): string {
  return join(userCacheFolder(), 'digest');
}
