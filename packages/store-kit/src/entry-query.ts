import {
  checkOptionNames,
  checkPattern,
  checkTags,
  choiceOption,
  type EntryInfo,
  type EntryOrder,
  type EntryQuery,
  numberOption,
  objectOption,
  type OptionNames,
} from '@x/interfaces';

type Comparison = (one: EntryInfo, other: EntryInfo) => number;

const orders: Record<EntryOrder, Comparison> = {
  key: (one, other) => (one.key < other.key ? -1 : 1),
  oldest: (one, other) => one.createdAt - other.createdAt,
  newest: (one, other) => other.createdAt - one.createdAt,
  largest: (one, other) => other.bytes - one.bytes,
  expiry: (one, other) => (one.expiresAt ?? Infinity) - (other.expiresAt ?? Infinity) || 0,
};
const orderNames = Object.keys(orders) as EntryOrder[];

const queryNames: OptionNames<EntryQuery> = {
  known: {
    pattern: true,
    tags: true,
    createdBefore: true,
    minBytes: true,
    orderBy: true,
    limit: true,
  },
  misnamed: {
    sort: 'orderBy',
    tag: 'tags, an array',
    prefix: "pattern, such as compilePattern('user:*')",
    glob: "pattern, such as compilePattern('user:*')",
    match: "pattern, such as compilePattern('user:*')",
  },
};

/** A query with its defaults filled in. */
export interface QuerySettings {
  readonly orderBy: EntryOrder;
  readonly limit: number;
  /** The order of the answer. Keys are compared by their UTF-16 units. */
  readonly compare: Comparison;
  /** Whether an entry meets every condition. */
  readonly matches: (entry: EntryInfo) => boolean;
}

/** @throws TypeError or RangeError when the query is wrong */
export function querySettings(query: EntryQuery): QuerySettings {
  objectOption('query', query, '{ pattern }');
  checkOptionNames(query, queryNames);
  const { pattern, tags } = query;
  checkPattern(pattern);
  checkTags(tags);
  const minBytes = numberOption('minBytes', query.minBytes, 0);
  const before = numberOption('createdBefore', query.createdBefore, Infinity);
  const orderBy = choiceOption('orderBy', query.orderBy, 'key', orderNames);
  return {
    orderBy,
    limit: numberOption('limit', query.limit, 1_000, { min: 1, integer: true }),
    compare: orders[orderBy],
    matches: (entry) =>
      entry.bytes >= minBytes &&
      entry.createdAt < before &&
      (pattern?.matches(entry.key) ?? true) &&
      (tags === undefined || entry.tags.some((tag) => tags.includes(tag))),
  };
}
