// Takes every address out of package-lock.json: the lock pins versions and digests, the machine's own npm settings say where from.
import { readFileSync, writeFileSync } from "node:fs";

const path = new URL("package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(path, "utf8"));
for (const entry of Object.values(lock.packages)) {
  delete entry.resolved;
  delete entry.funding;
}
writeFileSync(path, JSON.stringify(lock, null, 2) + "\n");
