// One pitch on its way: its photos first, in parts that go on where they stopped, then its words with their one token.
const PART = 512 * 1024;
const RETRIES = [0, 1000, 3000, 6000];
const JSON_PLEASE = { Accept: "application/json" };

/** What stopped a pitch: "away" (no network, or the server rests), "signedout", or "refused" with the server's words. */
export class Stopped extends Error {
  constructor(why, words = "") {
    super(words || why);
    this.why = why;
    this.words = words;
  }
}

const away = (status) => status === 0 || status === 429 || status >= 500;
const leftSignedOut = (answer) => answer.status === 401 || (answer.redirected && new URL(answer.url).pathname === "/masuk");

async function ask(address, given) {
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", ...given });
  } catch {
    throw new Stopped("away");
  }
  if (leftSignedOut(answer)) throw new Stopped("signedout");
  if (away(answer.status)) throw new Stopped("away");
  return answer;
}

/** A form token of today's session: the page may have been kept since another one. */
async function freshToken(address) {
  const answer = await ask(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("main [name=csrf_token]")?.value;
  if (!answer.ok || !token) throw new Stopped("away");
  return token;
}

function carry(photo, { endpoint, module, csrf, kept, progress }) {
  return new Promise((done, failed) => {
    import(module).then(({ Upload }) => {
      const upload = new Upload(photo.file, {
        endpoint,
        uploadUrl: photo.url || null,
        chunkSize: PART,
        retryDelays: RETRIES,
        metadata: { filename: photo.file.name, filetype: photo.file.type },
        headers: { ...JSON_PLEASE, "X-CSRFToken": csrf },
        storeFingerprintForResuming: false,
        onUploadUrlAvailable: () => { photo.url = upload.url; kept(); },
        onShouldRetry: (error) => { const status = error.originalResponse?.getStatus() ?? 0; return away(status) || status === 409 || status === 423; },
        onProgress: (sent, all) => progress(all ? sent / all : 0),
        onError: (error) => {
          const answer = error.originalResponse;
          const status = answer?.getStatus() ?? 0;
          if (status === 404 || status === 410) { photo.url = ""; kept(); }
          let words = "";
          try { words = JSON.parse(answer?.getBody() || "{}").error ?? ""; } catch { words = ""; }
          const isOver = [413, 415, 422].includes(status);
          failed(new Stopped(status === 401 ? "signedout" : isOver ? "refused" : "away", words));
        },
        onSuccess: () => done(),
      });
      upload.start();
    }, () => failed(new Stopped("away")));
  });
}

async function settle(photo, csrf) {
  const send = async (body) => {
    const answer = await ask(`${photo.url}/selesai`, { method: "POST", headers: { ...JSON_PLEASE, "X-CSRFToken": csrf }, body });
    const told = await answer.json().catch(() => null);
    if (!answer.ok || !told) throw new Stopped("away");
    return told;
  };
  let told = await send(new FormData());
  if (told.state === "twin") {
    const body = new FormData();
    body.set("kembar", "simpan"); // the same picture may be another person's; a pitch has its own
    told = await send(body);
  }
  if (told.state === "refused") throw new Stopped("refused", told.message);
  return told.asset.id;
}

/** Send a kept pitch. ``kept`` is called whenever it changed, ``progress`` with a photo's number and its part that is
 * there. Returns the address of the pitch. Raises Stopped; sent again later, it goes on where it was. */
export async function send(pitch, { address, endpoint, module, kept, progress }) {
  const csrf = await freshToken(address);
  for (const [index, photo] of pitch.photos.entries()) {
    if (photo.asset) continue;
    await carry(photo, { endpoint, module, csrf, kept, progress: (part) => progress(index, part) });
    photo.asset = await settle(photo, csrf);
    photo.file = null; // it is there: the phone need not hold it
    await kept();
  }
  const body = new FormData();
  for (const [name, value] of pitch.fields) body.append(name, value);
  for (const photo of pitch.photos) body.append("kept_photos", photo.asset);
  body.set("csrf_token", csrf);
  body.set("form_token", pitch.id);
  const answer = await ask(address, { method: "POST", headers: JSON_PLEASE, body });
  if (answer.status === 201) return (await answer.json()).url;
  // It was there already: an earlier answer got lost on its way.
  if (answer.ok && answer.redirected) return new URL(answer.url).pathname;
  throw new Stopped("refused");
}
