// Files that are still being sent, kept in the browser (IndexedDB) so that a closed page can go on where it stopped.
// A large file is only remembered by name, size and date: the person picks it again, and what was sent is not repeated.
const NAME = "humasflow-uploads";
const KEEP_BYTES = 64 * 1024 * 1024;
const KEPT_FOR = 48 * 3600 * 1000;

function open() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("files", { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function act(mode, work) {
  const database = await open();
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction("files", mode);
      const request = work(transaction.objectStore("files"));
      transaction.oncomplete = () => done(request?.result);
      transaction.onerror = () => failed(transaction.error);
      transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}

// A private window or a full disk has no store: uploads work all the same, only not past a closed page.
const quietly = (promise, otherwise) => promise.catch(() => otherwise);

export const fingerprint = (user, file) => [user, file.name, file.size, file.lastModified].join("~");

export const remember = (entry) => quietly(
  act("readwrite", (files) => files.put({ ...entry, file: entry.file && entry.file.size <= KEEP_BYTES ? entry.file : null, at: Date.now() }))
    .catch(() => act("readwrite", (files) => files.put({ ...entry, file: null, at: Date.now() }))),
);

export const forget = (id) => quietly(act("readwrite", (files) => files.delete(id)));

export async function unfinished(user) {
  const all = await quietly(act("readonly", (files) => files.getAll()), []);
  const fresh = [];
  for (const entry of all) {
    if (Date.now() - entry.at > KEPT_FOR) forget(entry.id);
    else if (entry.user === user) fresh.push(entry);
  }
  return fresh;
}
