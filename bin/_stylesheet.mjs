// Writes the part of Bootstrap that these files use: node _stylesheet.mjs STOCK OUTPUT FILE...
// Started by bin/prepare. A class, tag or attribute counts as used when it stands as a word in one
// of the files, so that nothing written out is ever lost.
import { createRequire } from "node:module";
import { renameSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

// Classes that templates put together from parts.
const MADE = ["btn-primary", "btn-secondary", "btn-danger"];

const [stock, output, ...content] = process.argv.slice(2);
const { PurgeCSS } = createRequire(resolve(stock))("purgecss");
const [sheet] = await new PurgeCSS().purge({
  css: [stock],
  content,
  safelist: MADE,
  keyframes: true,
  variables: true,
});
writeFileSync(`${output}.new`, sheet.css);
renameSync(`${output}.new`, output);
