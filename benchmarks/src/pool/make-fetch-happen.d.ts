declare module 'make-fetch-happen' {
  type Fetch = (url: string, options: object) => Promise<Response>;

  const makeFetchHappen: { defaults(options: object): Fetch };
  export default makeFetchHappen;
}
