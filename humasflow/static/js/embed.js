// One file for both sides of a frame: inside, it says how tall the list is; on the portal, it sets the frame's height.
(() => {
  const KIND = "humasflow:tinggi";

  if (document.body && document.body.classList.contains("embed")) {
    if (window.parent === window) return;
    const tell = () => {
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      window.parent.postMessage({ kind: KIND, height }, "*"); // a height is no secret
    };
    new ResizeObserver(tell).observe(document.body);
    return;
  }

  const origin = new URL(document.currentScript.src).origin;
  window.addEventListener("message", (event) => {
    if (event.origin !== origin || !event.data || event.data.kind !== KIND) return;
    const height = Number(event.data.height);
    if (!(height > 0 && height < 10000)) return;
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentWindow === event.source) frame.style.height = `${height}px`;
    }
  });
})();
