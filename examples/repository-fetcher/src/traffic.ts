import { subscribe } from 'node:diagnostics_channel';

/** What Node's `fetch` did on the network. */
export interface Traffic {
  readonly requestsSent: number;
  readonly connectionsOpened: number;
}

/** Counts what `fetch` does in this process from now on. Node tells it on diagnostics channels. */
export function watchTraffic(): { counts(): Traffic } {
  let requestsSent = 0;
  let connectionsOpened = 0;
  subscribe('undici:client:sendHeaders', () => void requestsSent++);
  subscribe('undici:client:connected', () => void connectionsOpened++);
  return { counts: () => ({ requestsSent, connectionsOpened }) };
}
