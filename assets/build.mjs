/**
 * Builds humasflow/static/vendor/ from the pinned packages and writes what went into it (vendor.json) and under which
 * licence (LICENSES.txt). Run by `make vendor`. The same lock file gives the same bytes.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "humasflow", "static", "vendor");
const ENTRIES = { "sortable.js": "sortable.js", "editor.js": "editor/index.js", "uploads.js": "uploads.js" };
// The package that a bundle is named after in vendor.json.
const MAIN = { "sortable.js": "sortablejs", "editor.js": "@tiptap/core", "uploads.js": "tus-js-client" };

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** node_modules/@scope/name/… → its folder; null for our own sources. */
function packageFolder(input) {
  const parts = input.split(/[\\/]/);
  const at = parts.lastIndexOf("node_modules");
  if (at === -1) return null;
  return parts.slice(0, at + (parts[at + 1].startsWith("@") ? 3 : 2)).join("/");
}

function licenceText(folder) {
  const file = readdirSync(join(here, folder)).find((name) => /^licen[sc]e(\.(md|txt))?$/i.test(name));
  return file ? readFileSync(join(here, folder, file), "utf8").trim() : null;
}

/** The packages whose code is in the bundle, each with a hash over the files that went in. */
function partsOf(inputs) {
  const folders = new Map();
  for (const input of inputs) {
    const folder = packageFolder(input) ?? "";
    folders.set(folder, [...(folders.get(folder) ?? []), input]);
  }
  return [...folders]
    .map(([folder, files]) => {
      const hash = createHash("sha256");
      for (const file of files.sort()) {
        hash.update(`${relative(folder || ".", file).split(sep).join("/")}\0`).update(readFileSync(join(here, file)));
      }
      const digest = hash.digest("hex");
      if (folder === "") return { name: "humasflow", licence: "MIT", sha256: digest, sources: files.sort() };
      const { name, version, license } = JSON.parse(readFileSync(join(here, folder, "package.json"), "utf8"));
      return { name, version, licence: license, sha256: digest, folder };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const files = {};
const licences = new Map();
for (const [output, entry] of Object.entries(ENTRIES)) {
  const result = await build({
    absWorkingDir: here,
    entryPoints: [entry],
    outfile: join(out, output),
    bundle: true,
    format: "esm",
    target: ["chrome109", "firefox115", "safari16"],
    minify: true,
    charset: "utf8",
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"' },
    banner: { js: "/*! Third-party code; versions in vendor.json, licences in LICENSES.txt */" },
    metafile: true,
    logLevel: "warning",
  });
  const used = Object.values(result.metafile.outputs)[0].inputs;
  const parts = partsOf(Object.keys(used).filter((name) => used[name].bytesInOutput > 0));
  for (const part of parts) {
    if (part.folder && !licences.has(part.name)) licences.set(part.name, { ...part, text: licenceText(part.folder) });
    delete part.folder;
  }
  const bytes = readFileSync(join(out, output));
  const main = parts.find((part) => part.name === MAIN[output]);
  files[output] = {
    name: main.name,
    version: main.version,
    licence: main.licence,
    bytes: bytes.length,
    sha256: sha256(bytes),
    parts,
  };
}

// Packages of one project share a text; it is printed once with all of their names.
const byText = new Map();
for (const { name, version, licence, text } of [...licences.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
  const key = text ?? `${licence} License (the package carries no text of its own)`;
  byText.set(key, [...(byText.get(key) ?? []), `${name} ${version}`]);
}
const rule = "-".repeat(78);
const text = [...byText].map(([body, names]) => `${names.join(", ")}\n${rule}\n${body}\n`).join("\n\n");
writeFileSync(join(out, "LICENSES.txt"), text.replace(/\r\n/g, "\n"));
files["LICENSES.txt"] = { sha256: sha256(readFileSync(join(out, "LICENSES.txt"))) };

const esbuildVersion = JSON.parse(readFileSync(join(here, "node_modules/esbuild/package.json"), "utf8")).version;
const lock = sha256(readFileSync(join(here, "package-lock.json")));
const manifest = { builtWith: { esbuild: esbuildVersion, "package-lock.json": lock }, files };
writeFileSync(join(out, "vendor.json"), `${JSON.stringify(manifest, null, 2)}\n`);

for (const [name, { bytes }] of Object.entries(files)) if (bytes) console.log(`${name}  ${(bytes / 1024).toFixed(1)} KB`);
