// <button data-dialog="id"> opens the native dialog with that id; Escape and the backdrop close it.
export function bindDialogs(root) {
  root.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) {
        event.preventDefault();
        dialog.showModal();
      }
      return;
    }
    if (event.target.closest("[data-close-dialog]") || event.target instanceof HTMLDialogElement) {
      event.target.closest("dialog")?.close();
    }
  });
  // A dialog with something to mend opens by itself after the page comes back.
  // (Not with :has(), which Firefox 115 does not know and would throw on.)
  const waiting = [...root.querySelectorAll("dialog")].find((d) => d.hasAttribute("data-open") || d.querySelector("[aria-invalid=true]"));
  waiting?.showModal();
}
