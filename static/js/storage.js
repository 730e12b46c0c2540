// What this site keeps in the browser, and how all of it is forgotten.

export const PREFIX = "mainstay:";

/** localStorage, or null where the browser forbids it. */
export function store() {
  try {
    const storage = window.localStorage;
    storage.getItem(PREFIX);
    return storage;
  } catch {
    return null;
  }
}

/** The keys of ours that begin with `start` (after the common prefix). */
export function keysOf(start = "") {
  const storage = store();
  return storage ? Object.keys(storage).filter((key) => key.startsWith(PREFIX + start)) : [];
}

function ignoringErrors(action) {
  try {
    action();
  } catch {
    // A browser that forbids storage has nothing of ours to delete.
  }
}

/** Deletes everything this site could have kept. Starts at once and waits for nothing: the page is about to go. */
export function forgetEverything() {
  ignoringErrors(() => window.localStorage.clear());
  ignoringErrors(() => window.sessionStorage.clear());
  ignoringErrors(() => {
    window.caches?.keys().then((names) => names.forEach((name) => window.caches.delete(name)), () => {});
  });
  ignoringErrors(() => {
    const remove = ({ name }) => window.indexedDB.deleteDatabase(name);
    window.indexedDB?.databases?.().then((found) => found.forEach(remove), () => {});
  });
}
