/**
 * The whole of undici costs 65 ms to load, these parts of it 15 ms. It is pinned and bundled, so its insides do not
 * change under us.
 */
declare module 'undici/lib/dispatcher/dispatcher.js' {
  export { Dispatcher as default } from 'undici';
}
declare module 'undici/lib/dispatcher/env-http-proxy-agent.js' {
  export { EnvHttpProxyAgent as default } from 'undici';
}
declare module 'undici/lib/api/index.js' {
  import type { Dispatcher } from 'undici';
  const api: Pick<Dispatcher, 'request' | 'connect'>;
  export default api;
}
