import type { MisnamedOptions, OptionNames } from '@x/interfaces';
import {
  authorization,
  onlyThere,
  poolOptions,
  requestOptions,
  userAgent,
} from '../option-lists.ts';
import type { RequestOptions } from './request-options.ts';

const misnamed: MisnamedOptions = {
  timeout: 'totalTimeoutMs',
  timeoutMs: 'totalTimeoutMs',
  retries: 'maxRetries',
  retry: 'maxRetries',
  params: 'query',
  searchParams: 'query',
  qs: 'query',
  data: 'json, form or body',
  validateStatus: 'throwOnStatus',
  throwHttpErrors: 'throwOnStatus',
  responseType: 'a method of the answer: json(), text(), bytes(), or body with { stream: true }',
  auth: authorization,
  username: authorization,
  userAgent,
  cancelToken: 'signal, an AbortSignal',
  followRedirect: 'maxRedirects of new HttpPool',
  followRedirects: 'maxRedirects of new HttpPool',
  redirect: 'maxRedirects of new HttpPool',
  baseURL: 'baseUrl of new HttpPool',
  prefixUrl: 'baseUrl of new HttpPool',
  retryDelay: 'backoffMs of new HttpPool',
  maxRedirections: 'maxRedirects of new HttpPool',
  agent: 'dispatcher of new HttpPool',
  httpAgent: 'dispatcher of new HttpPool',
  httpsAgent: 'dispatcher of new HttpPool',
  hooks: 'compose(...interceptors) of the pool',
  rejectUnauthorized: 'one of connect of new HttpPool',
  tokens: 'permits',
  cost: 'permits',
  weight: 'permits',
};

interface RequestOptionNames extends OptionNames<RequestOptions> {
  /** Where what one may have meant by other options goes. */
  readonly note: string;
}

const bodiless = namesWith('parameters of the URL go in { query }');
const withBody = namesWith('a body goes in { json }, { form } or { body }');

function namesWith(note: string): RequestOptionNames {
  return {
    known: requestOptions,
    get misnamed() {
      return { ...onlyThere(poolOptions, requestOptions, ofPool), ...misnamed };
    },
    note,
  };
}

/**
 * What options of a request are called.
 *
 * @param verb - the method of the pool that was called, in capitals; `undefined` for one that takes any
 */
export function requestOptionNames(verb: string | undefined): RequestOptionNames {
  return verb === 'GET' || verb === 'HEAD' ? bodiless : withBody;
}

function ofPool(name: string): string {
  return `one of the pool: new HttpPool({ ${name} })`;
}
