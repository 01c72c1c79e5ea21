// Pitches that were handed in and have not arrived yet, with their photos, kept in the browser (IndexedDB).
const NAME = "humasflow-pitches";
const WAITING = "humasflow:waiting"; // so that pages know without opening the store

function open() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore("pitches", { keyPath: "id" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function act(mode, work) {
  const database = await open();
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction("pitches", mode);
      const request = work(transaction.objectStore("pitches"));
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = () => failed(transaction.error);
      transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}

const user = () => document.body.dataset.user;

function flag(waits) {
  if (waits) localStorage.setItem(WAITING, user());
  else localStorage.removeItem(WAITING);
}

/** Those of the person who is signed in, the oldest first. */
export async function waiting() {
  const all = await act("readonly", (pitches) => pitches.getAll());
  const mine = all.filter((one) => one.user === user()).sort((a, b) => a.at - b.at);
  flag(mine.length > 0);
  return mine;
}

/** Rejects where the browser keeps nothing: a private window, a full disk. */
export async function put(pitch) {
  await act("readwrite", (pitches) => pitches.put(pitch));
  flag(true);
}

export async function drop(id) {
  await act("readwrite", (pitches) => pitches.delete(id));
  await waiting();
}
