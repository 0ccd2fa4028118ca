/** Names by which other libraries or habit call an option, each with what it is here. */
export type MisnamedOptions = Readonly<Record<string, string>>;

/**
 * Refuses options under the names of other libraries, which would be overlooked. Every other unknown
 * name is let through: one object may serve several components.
 *
 * @throws TypeError naming what came and what it is here, such as `ttl is not an option; it is ttlMs`
 */
export function refuseMisnamed(options: object, misnamed: MisnamedOptions): void {
  const given = options as Readonly<Record<string, unknown>> | null | undefined;
  for (const name in misnamed) {
    if (given?.[name] === undefined) continue;
    throw new TypeError(`${name} is not an option; it is ${misnamed[name]}`);
  }
}
