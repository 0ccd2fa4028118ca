import type { Dispatcher } from 'undici';
import { isUndiciLoaded, loadUndici, undici } from '../undici-library.ts';

/** What undici's `Dispatcher.compose` makes, though undici may have to be loaded for the first request. */
export function compose(
  dispatcher: Dispatcher,
  interceptors: Dispatcher.DispatcherComposeInterceptor[],
): Dispatcher.ComposedDispatcher {
  const composed = (): Dispatcher.ComposedDispatcher =>
    undici().Dispatcher.prototype.compose.apply(dispatcher, interceptors);
  if (isUndiciLoaded()) return composed();

  const wrong = interceptors.find((interceptor) => typeof interceptor !== 'function');
  if (wrong !== undefined) {
    throw new TypeError(`invalid interceptor, expected function received ${typeof wrong}`);
  }
  let made: Dispatcher | undefined;
  const dispatch: Dispatcher['dispatch'] = (options, handler) => {
    if (isUndiciLoaded()) {
      made ??= composed();
      return made.dispatch(options, handler);
    }
    void loadUndici().then(
      () => dispatch(options, handler),
      // It fails once more there, and the handler hears of it.
      () => dispatcher.dispatch(options, handler),
    );
    return true;
  };
  return new Proxy(dispatcher, {
    get: (target, key) => (key === 'dispatch' ? dispatch : Reflect.get(target, key)),
  });
}
