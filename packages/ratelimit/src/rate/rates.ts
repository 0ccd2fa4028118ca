/** `count` permits a minute, as permits per second. */
export const perMinute = (count: number): number => count / 60;

/** `count` permits an hour, as permits per second. */
export const perHour = (count: number): number => count / 3_600;

/** `count` permits in a day of 24 hours, as permits per second. */
export const perDay = (count: number): number => count / 86_400;
