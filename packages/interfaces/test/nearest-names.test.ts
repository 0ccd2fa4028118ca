import { describe, expect, it } from 'vitest';
import { nearestNames } from '@x/interfaces';

describe('nearestNames', () => {
  const variables = [
    'MAX_ENTRIES',
    'DEFAULT_TTL_MS',
    'ERROR_TTL_MS',
    'LEASE_TTL_MS',
    'OTHER_TTL_MS',
    'NAME',
  ];

  it.each([
    ['MAX_ENTRYS', ['MAX_ENTRIES']],
    ['MAXENTRIES', ['MAX_ENTRIES']],
    ['NAMES', ['NAME']],
    ['DEFAULT_TTL', ['DEFAULT_TTL_MS']],
    ['MAX_SIZE', ['MAX_ENTRIES']],
    ['TTL', ['DEFAULT_TTL_MS', 'ERROR_TTL_MS', 'LEASE_TTL_MS']],
    ['ERROR_TTL_SECONDS', ['ERROR_TTL_MS']],
    ['PAUSE_MS', []],
    ['', []],
  ])('of the variable %s', (name, nearest) => {
    expect(nearestNames(name, variables)).toEqual(nearest);
  });

  const options = [
    'maxConnectionsPerOrigin',
    'maxTotalConnections',
    'permitsPerSecond',
    'maxRetries',
    'retryIf',
    'backoffMs',
    'connectTimeoutMs',
    'key',
  ];

  it.each([
    ['maxConnections', ['maxConnectionsPerOrigin', 'maxTotalConnections']],
    ['requestsPerSecond', ['permitsPerSecond']],
    ['permits', ['permitsPerSecond']],
    ['retryCount', ['retryIf', 'maxRetries']],
    ['backoff', ['backoffMs']],
    ['keys', ['key']],
    ['maxRedirects', []],
    ['compression', []],
    ['colour', []],
    ['keepAlive', []],
    ['connectTimeoutSeconds', ['connectTimeoutMs']],
    ['pauseSeconds', []],
    ['percent', []],
    ['max', ['maxConnectionsPerOrigin', 'maxTotalConnections', 'maxRetries']],
    ['maxRetries'.repeat(11), []],
  ])('of the option %s', (name, nearest) => {
    expect(nearestNames(name, options)).toEqual(nearest);
  });
});
