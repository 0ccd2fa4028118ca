import { EventEmitter } from 'node:events';
import type { Dispatcher } from 'undici';
import { isUndiciLoaded, loadUndici, undici } from '../undici-library.ts';

type Method = 'request' | 'stream' | 'pipeline' | 'connect' | 'upgrade';

/** undici's own method, which works over `dispatch`. */
function call(dispatcher: LazyDispatcher, method: Method, args: readonly unknown[]): unknown {
  const own = undici().Dispatcher.prototype[method] as (...args: unknown[]) => unknown;
  return own.apply(dispatcher, [...args]);
}

function callWhenLoaded(dispatcher: LazyDispatcher, method: Method, args: unknown[]): unknown {
  if (isUndiciLoaded()) return call(dispatcher, method, args);
  return loadUndici().then(() => call(dispatcher, method, args));
}

/** As undici's `Dispatcher`: an event emitter with methods over `dispatch`. */
class LazyDispatcher extends EventEmitter {
  request(...args: unknown[]): unknown {
    return callWhenLoaded(this, 'request', args);
  }

  stream(...args: unknown[]): unknown {
    return callWhenLoaded(this, 'stream', args);
  }

  connect(...args: unknown[]): unknown {
    return callWhenLoaded(this, 'connect', args);
  }

  upgrade(...args: unknown[]): unknown {
    return callWhenLoaded(this, 'upgrade', args);
  }

  /** @throws Error as the very first call of a process: its answer cannot wait until undici is loaded */
  pipeline(...args: unknown[]): unknown {
    return call(this, 'pipeline', args);
  }
}

/** undici's `Dispatcher`, without undici being loaded for the class. */
export const DispatcherBase: typeof Dispatcher = LazyDispatcher as unknown as typeof Dispatcher;
