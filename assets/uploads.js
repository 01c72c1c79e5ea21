// Only what the library's page uses: one class. Its own storage of addresses is off; the page keeps them itself.
export { Upload } from "tus-js-client";
