// A frame of a video, drawn by the browser that has the file: the server never decodes a film.
const WAIT = 15000;

const once = (target, name) => new Promise((done, failed) => {
  const timer = setTimeout(() => failed(new Error(name)), WAIT);
  target.addEventListener(name, () => { clearTimeout(timer); done(); }, { once: true });
  target.addEventListener("error", () => { clearTimeout(timer); failed(new Error("video")); }, { once: true });
});

export async function frameOf(file) {
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.preload = "auto";
  const url = URL.createObjectURL(file);
  try {
    const loaded = once(video, "loadeddata");
    video.src = url;
    await loaded;
    const moment = Math.min(1, (Number.isFinite(video.duration) ? video.duration : 2) / 2);
    const seeked = once(video, "seeked");
    video.currentTime = moment;
    await seeked;
    const scale = Math.min(1, 1280 / Math.max(video.videoWidth, video.videoHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
    return await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
  } catch {
    return null; // this browser cannot play it: somebody may choose a picture later
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(url);
  }
}
