// Builds everything under ../lineofsight/service/static/lineofsight/ from the
// packages named in package.json. The result is committed, so that running
// the service needs no node.
//
//   npm ci --ignore-scripts && npm run build

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const target = join(here, "..", "lineofsight", "service", "static", "lineofsight");

// The icons that the compiled sheet points at, and no others: a missing or a
// spare file is an error in buildStyles below.
const icons = [
  "icon-close-cross-black.svg",
  "icon-document.svg",
  "icon-tag-remove-cross-white.svg",
  "icon-tag-remove-cross.svg",
  "icon-toggle-plus-minus.svg",
];

function put(path, text) {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function copy(from, path) {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(from, file);
}

function buildStyles() {
  const { css } = compile(join(here, "scss", "lineofsight.scss"), {
    loadPaths: [here, modules],
    style: "compressed",
    quietDeps: true,
  });
  checkAddresses(css);
  put("lineofsight.css", `/* MIT and OFL notices: notices/ */\n${css.trim()}\n`);
}

// Manifest storage refuses a sheet that points at a missing file, and the
// content security policy refuses data: addresses.
function checkAddresses(css) {
  const found = [...css.matchAll(/url\(["']?([^"')]+)["']?\)/g)].map((match) => match[1]);
  const ours = new Set(["inter-latin.woff2", ...icons.map((name) => `moj/images/${name}`)]);
  const strange = found.filter((address) => !ours.has(address));
  const unused = [...ours].filter((address) => !found.includes(address));
  if (strange.length || unused.length || css.includes("GDS Transport")) {
    throw new Error(`sheet: unexpected ${strange}, unused ${unused}, or GDS Transport is named`);
  }
}

// One module: the vendored bundle and the one call that starts it. Kept in one
// file because hashed static file names would break an import between two.
function buildScript() {
  const bundle = readFileSync(join(modules, "govuk-frontend/dist/govuk/govuk-frontend.min.js"), "utf8");
  const code = bundle.replace(/\/\/# sourceMappingURL=.*\s*$/, "").trim();
  put("lineofsight.js", `/* govuk-frontend, MIT: notices/govuk-frontend.txt */\n${code}\ninitAll();\n`);
  copy(join(here, "enhanced.js"), "enhanced.js");
}

function copyAssets() {
  const inter = join(modules, "@fontsource-variable", "inter");
  copy(join(inter, "files", "inter-latin-wght-normal.woff2"), "inter-latin.woff2");
  copy(join(inter, "LICENSE"), "notices/inter.txt");
  copy(join(here, "notices", "govuk-frontend.txt"), "notices/govuk-frontend.txt");
  copy(join(here, "notices", "moj-frontend.txt"), "notices/moj-frontend.txt");
  copy(join(here, "icon.svg"), "icon.svg");
  const images = join(modules, "@ministryofjustice", "frontend", "moj", "assets", "images");
  icons.forEach((name) => copy(join(images, name), `moj/images/${name}`));
}

rmSync(target, { recursive: true, force: true });
buildStyles();
buildScript();
copyAssets();
