#!/usr/bin/env node
// Stands in for esbuild when worker-build calls it: names what wasm imports, function by function, then has esbuild
// bundle as asked. Handed over whole, a module becomes an object with a getter for each of its exports, and making
// and asking two hundred of them is a twentieth of the Worker's start-up. What nobody names is left out.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";

const imports = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync("index.wasm")));
const modules = Map.groupBy(imports, ({ module }) => module);
const lines = [];
const members = [];
for (const [module, functions] of modules) {
  const names = functions.map(({ name }) => name);
  const local = (name) => `${name}_${members.length}`;
  lines.push(`import { ${names.map((name) => `${name} as ${local(name)}`).join(", ")} } from ${JSON.stringify(module)};`);
  members.push(`${JSON.stringify(module)}: { ${names.map((name) => `${name}: ${local(name)}`).join(", ")} }`);
}
writeFileSync("imports.js", `${lines.join("\n")}\nexport default { ${members.join(",\n")} };\n`);

const { status } = spawnSync("esbuild", process.argv.slice(2), { stdio: "inherit" });
rmSync("imports.js");
process.exit(status ?? 1);
