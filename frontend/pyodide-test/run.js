// Runs the pure law code in WebAssembly, as the officer's terminal does: node run.js ROOT FILES CASES RESULTS (tests/test_pyodide.py).
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { loadPyodide } from "pyodide";

const [root, files, cases, results] = process.argv.slice(2);
const python = await loadPyodide();
for (const name of JSON.parse(readFileSync(files, "utf8"))) {
  const target = join("/law", name);
  python.FS.mkdirTree(dirname(target));
  python.FS.writeFile(target, readFileSync(join(root, name)));
}
python.FS.writeFile("/cases.json", readFileSync(cases));
python.runPython(`
import sys
sys.path[:0] = ["/law", "/law/tests"]
import pure_cases
pure_cases.main("/cases.json", "/results.json")
`);
writeFileSync(results, python.FS.readFile("/results.json"));
