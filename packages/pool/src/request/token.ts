/** What HTTP lets a method or the name of a header be. */
export const token: RegExp = /^[\w!#$%&'*+\-.^`|~]+$/;
