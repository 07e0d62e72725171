// Runs the built verifier under Node: one JSON line {"receipt": base64, "key": text|null, "pure": bool} in, one verdict out.
// `pure` takes the browser's own Ed25519 away, so that the other implementation is used.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { verifyReceipt } = await import(pathToFileURL(process.argv[2]));
const native = globalThis.crypto;
for await (const line of createInterface({ input: process.stdin })) {
  const { receipt, key, pure } = JSON.parse(line);
  Object.defineProperty(globalThis, "crypto", { value: pure ? undefined : native, configurable: true });
  console.log(JSON.stringify(await verifyReceipt(Uint8Array.from(Buffer.from(receipt, "base64")), key)));
}
