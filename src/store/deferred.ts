import type { Store } from "./store.ts";

/**
 * A store that loads on its first call: the AWS SDK takes a quarter of a second to import, which a run over local
 * files need not pay.
 */
export function deferredStore(load: () => Promise<Store>, release: () => Promise<void>): Store {
  let loading: Promise<Store> | undefined;
  let closing: Promise<void> | undefined;
  const store = (): Promise<Store> => {
    if (closing !== undefined) return Promise.reject(new Error("the store is closed"));
    loading ??= load();
    return loading;
  };
  const close = (): Promise<void> => {
    closing ??= release();
    return closing;
  };
  return {
    list: async (...args) => (await store()).list(...args),
    head: async (...args) => (await store()).head(...args),
    read: async (...args) => (await store()).read(...args),
    create: async (...args) => (await store()).create(...args),
    putIfAbsent: async (...args) => (await store()).putIfAbsent(...args),
    put: async (...args) => (await store()).put(...args),
    tag: async (...args) => (await store()).tag(...args),
    remove: async (...args) => (await store()).remove(...args),
    removeAbandoned: async (...args) => (await store()).removeAbandoned(...args),
    close,
    [Symbol.asyncDispose]: close,
  };
}
