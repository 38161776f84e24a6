// Parses the diagram on standard input with Mermaid's own parser; prints its type, or fails with the reason.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(process.argv[2] + "/"));
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import(pathToFileURL(process.argv[2] + "/mermaid/dist/mermaid.core.mjs"));
const parsed = await mermaid.parse(readFileSync(0, "utf8"));
console.log(parsed.diagramType);
