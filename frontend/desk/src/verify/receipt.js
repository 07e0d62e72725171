// Verifies a receipt by docs/log-format.md: refuses exactly what `yifa verify` refuses, check by check and word for word
// (yifa/kernel/ledger/verify.py is its twin; a test runs both over the same vectors and over the same damaged receipts).
import * as ed25519 from "@noble/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2.js";

ed25519.hashes.sha512 = sha512;

const FORMAT = "yifa-receipt@v1";
const HEAD_LINE = "yifa/chain-head@v1";
const PROOF_LINE = "c2sp.org/tlog-proof@v1";
const BODY_LIMIT = 65535;
const SIDES = ["open", "closed"];
const SIDE_NAMES = { open: "正卷", closed: "副卷" };
// White space as the twin understands it; \s differs between languages.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const NAME = new RegExp(`^[^${SPACE}+]+$`, "u");
const LINES = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/u;
const TRIM = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");
const VKEY = new RegExp(`^([^${SPACE}+]+)\\+([0-9a-f]{8})\\+([A-Za-z0-9+/]+=*)$`, "u");
const TOKEN = /^[^\x00-\x20\x7f]{1,255}$/u;
const DIGEST = /^[0-9a-f]{64}$/;
const MOMENT = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.[0-9]{6}Z$/;
const encoder = new TextEncoder();
const utf8 = (text) => encoder.encode(text);

class FormatError extends Error {}
class UnknownSignerError extends FormatError {}
class Refusal extends Error {
  constructor(code, text) {
    super(text);
    this.code = code;
  }
}

/** Run `act`; a format error in it becomes this refusal. */
function refusing(code, text, act) {
  try {
    return act();
  } catch (error) {
    if (error instanceof FormatError || error instanceof RangeError) throw new Refusal(code, text);
    throw error;
  }
}

function check(fits, said) {
  if (!fits) throw new FormatError(said);
}

// --- bytes ---------------------------------------------------------------------------------------------------------------------

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const same = (a, b) => a.length === b.length && a.every((byte, n) => byte === b[n]);

function join(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function decode64(text) {
  let raw;
  try {
    raw = atob(text);
  } catch {
    throw new FormatError("not Base 64");
  }
  check(btoa(raw) === text, "not Base 64 in its one spelling");
  return Uint8Array.from(raw, (char) => char.charCodeAt(0));
}

const encode64 = (bytes) => btoa(String.fromCharCode(...bytes));
const leafHash = (body) => sha256(join([0], utf8(body)));
const nodeHash = (left, right) => sha256(join([1], left, right));

// --- canonical JSON (section 1) ------------------------------------------------------------------------------------------------

function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    check(Number.isSafeInteger(value), "no such number");
    return String(value);
  }
  if (typeof value === "string") {
    check(!/\p{Surrogate}/u.test(value), "half a character");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
    check(Object.keys(value).every((key) => /^[\x00-\x7f]*$/.test(key)), "a key is ASCII");
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

function parse(bytes, limit = Infinity) {
  check(bytes.length <= limit, "too long");
  let text;
  let value;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new FormatError("not JSON");
  }
  check(canonical(value) === text, "not canonical");
  return value;
}

const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

function exactly(value, names) {
  check(isMap(value), "not an object");
  check(Object.keys(value).sort().join() === [...names].sort().join(), `exactly the fields ${names}`);
}

function text(value) {
  check(typeof value === "string", "not text");
  return value;
}

// --- bodies (section 2) --------------------------------------------------------------------------------------------------------

const isToken = (value) => typeof value === "string" && TOKEN.test(value);
const isDigest = (value) => typeof value === "string" && DIGEST.test(value);
const isCount = (value) => Number.isSafeInteger(value) && value >= 1;
const orNull = (fits) => (value) => value === null || fits(value);
const each = (fits) => (value) => Array.isArray(value) && value.every(fits);

function isMoment(value) {
  const match = typeof value === "string" && MOMENT.exec(value);
  if (!match) return false;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= last && hour < 24 && minute < 60 && second < 60;
}

const KINDS = {
  v: (value) => value === 1,
  seq: isCount,
  late: (value) => typeof value === "boolean",
  cites: each(isToken),
  files: each(isDigest),
  region: orNull((value) => typeof value === "string" && /^[0-9]{6}(?:[0-9]{3}){0,2}$/.test(value)),
  device: orNull((value) => isMap(value) && Object.keys(value).sort().join() === "id,prev,seq,sig"
    && isToken(value.id) && isToken(value.sig) && isCount(value.seq) && isDigest(value.prev)),
  ...Object.fromEntries(["actor", "chain", "origin", "procedure", "step", "version"].map((name) => [name, isToken])),
  ...Object.fromEntries(["acting_for", "organisation"].map((name) => [name, orNull(isToken)])),
  ...Object.fromEntries(["open", "closed", "rules", "prev"].map((name) => [name, orNull(isDigest)])),
  ...Object.fromEntries(["happened_at", "recorded_at"].map((name) => [name, isMoment])),
};

function readBody(source) {
  const body = parse(utf8(source), BODY_LIMIT);
  exactly(body, Object.keys(KINDS));
  for (const [name, fits] of Object.entries(KINDS)) check(fits(body[name]), name);
  check((body.prev === null) === (body.seq === 1), "prev");
  return body;
}

// --- signed notes, checkpoints, heads, proofs (sections 4 to 6) ----------------------------------------------------------------

function number(source) {
  check(/^(?:0|[1-9][0-9]{0,15})$/.test(source), "not a number");
  return BigInt(source);
}

function splitNote(note) {
  const gap = note.lastIndexOf("\n\n");
  check(gap >= 0, "not a signed note");
  const body = note.slice(0, gap) + "\n";
  const lines = note.slice(gap + 2);
  check(lines.endsWith("\n"), "not a signed note");
    check(!/[\x00-\x09\x0b-\x1f]/.test(body), "control characters");
  const signatures = lines.slice(0, -1).split("\n").map((line) => {
    const parts = line.split(" ");
    check(parts.length === 3, "a signature line is malformed");
    const data = decode64(parts[2]);
    check(parts[0] === "—" && NAME.test(parts[1]) && data.length >= 5, "a signature line is malformed");
    return { name: parts[1], id: hex(data.slice(0, 4)), signature: data.slice(4) };
  });
  check(signatures.length <= 64, "too many signatures");
  return { body, signatures };
}

/** In a receipt each note carries the log's signature and no other: an unknown line would be a byte nobody covers. */
function oneSignature(note) {
  const { body, signatures } = splitNote(note);
  check(signatures.length === 1, "exactly one signature");
  return { body, signature: signatures[0] };
}

function readCheckpoint(source) {
  const lines = source.split("\n");
  check(lines.length === 4 && !lines[3] && lines[0], "a checkpoint has three lines");
  const root = decode64(lines[2]);
  check(root.length === 32, "a root has 32 bytes");
  return { origin: lines[0], size: number(lines[1]), root };
}

function readHead(source) {
  const lines = source.split("\n");
  check(lines.length === 8 && !lines[7] && lines[0] === HEAD_LINE, "a head has seven lines");
  return { origin: lines[1], chain: lines[2], seq: number(lines[3]), hash: lines[4], size: number(lines[5]), at: lines[6] };
}

function readProof(source) {
  const gap = source.indexOf("\n\n");
  const lines = (gap < 0 ? source : source.slice(0, gap)).split("\n");
  check(gap >= 0 && lines.length >= 2 && lines[0] === PROOF_LINE && lines[1].startsWith("index "), "not a proof");
  const index = number(lines[1].slice(6));
  const path = lines.slice(2).map(decode64);
  check(path.length <= 63 && path.every((item) => item.length === 32), "a path has 32-byte hashes");
  return { index, path, checkpoint: source.slice(gap + 2) };
}

/** RFC 9162 2.1.3.2 */
function rootFromInclusion(leaf, index, size, path) {
  check(index < size, "no such leaf");
  let here = index;
  let last = size - 1n;
  let result = leaf;
  for (const step of path) {
    check(last !== 0n, "the path is too long");
    if (here & 1n || here === last) {
      result = nodeHash(step, result);
      while (!(here & 1n) && here) {
        here >>= 1n;
        last >>= 1n;
      }
    } else {
      result = nodeHash(result, step);
    }
    here >>= 1n;
    last >>= 1n;
  }
  check(last === 0n, "the path is too short");
  return result;
}

// --- keys ----------------------------------------------------------------------------------------------------------------------

function readKey(line) {
  const match = VKEY.exec(line);
  check(match, "not a verification key");
  const data = decode64(match[3]);
  check(data.length === 33 && data[0] === 1, "not an Ed25519 key");
  const id = hex(sha256(join(utf8(match[1]), utf8("\n"), data)).slice(0, 4));
  check(id === match[2], "the key's id does not fit");
  return { name: match[1], id, bytes: data.slice(1), text: `${match[1]}+${id}+${encode64(data)}` };
}

export function readKeys(source) {
  const lines = source.split(LINES).map((line) => line.replace(TRIM, ""));
  const keys = lines.filter((line) => line && !line.startsWith("#")).map(readKey);
  check(keys.length > 0, "the key file holds no key");
  return keys;
}

/** The browser's own Ed25519 where it has one, else @noble/ed25519 by the strict rules of RFC 8032. */
async function signatureHolds(key, message, signature) {
  const subtle = globalThis.crypto?.subtle;
  if (subtle) {
    try {
      const imported = await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
      return await subtle.verify({ name: "Ed25519" }, imported, signature, message);
    } catch (error) {
      if (error.name !== "NotSupportedError" && error.name !== "SyntaxError" && error.name !== "DataError") throw error;
    }
  }
  try {
    return ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

async function verified(note, keys) {
  const { body, signatures } = splitNote(note);
  let found = false;
  for (const signature of signatures) {
    const key = keys.findLast((one) => one.name === signature.name && one.id === signature.id);
    if (!key) continue;
    check(signature.signature.length === 64 && (await signatureHolds(key.bytes, utf8(body), signature.signature)), "the signature does not hold");
    found = true;
  }
  if (!found) throw new UnknownSignerError("no known key has signed this note");
}

// --- the receipt (section 7) ---------------------------------------------------------------------------------------------------

/** `bytes`: the receipt's file; `key`: the text of a key file, or null. Never throws on a bad receipt. */
export async function verifyReceipt(bytes, key) {
  const verdict = { valid: false, reason: null, code: null, signer: null, origin: null, chain: null, size: null, head_at: null, notes: [], checks: [], steps: [] };
  try {
    await verify(bytes, key, verdict);
    verdict.valid = true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    verdict.reason = error.message;
    verdict.code = error.code;
  }
  return verdict;
}

async function verify(bytes, key, verdict) {
  const said = (name, words) => verdict.checks.push({ name, text: words });
  const keys = key === null ? [] : refusing("key", "公钥文件不是“名称+编号+公钥”的格式", () => readKeys(key));
  const receipt = refusing("format", "回执不合规范:不是规范编码,或者多了、少了字段", () => readReceipt(bytes));
  said("format", "回执为规范编码,没有多余字段");
  const bodies = chainOf(receipt, said);
  const sides = commitments(receipt, bodies, said, verdict.notes);
  const { proofs, checkpoint } = inclusion(receipt, bodies, said);
  const head = headOf(receipt, bodies, checkpoint, said);
  verdict.steps = bodies.map((body, n) => ({
    seq: body.seq, procedure: body.procedure, step: body.step, happened_at: body.happened_at, recorded_at: body.recorded_at, late: body.late,
    hash: hex(leafHash(receipt.entries[n].body)), position: Number(proofs[n].index), open: sides[n].open, closed: sides[n].closed,
  }));
  Object.assign(verdict, { origin: head.origin, chain: head.chain, size: Number(head.size), head_at: head.at });
  await signatures(receipt, proofs[0].checkpoint, head.origin, keys, verdict, said);
}

function readReceipt(bytes) {
  const value = parse(bytes);
  exactly(value, ["entries", "format", "head"]);
  check(value.format === FORMAT && Array.isArray(value.entries) && value.entries.length > 0, "not a receipt");
  for (const entry of value.entries) {
    exactly(entry, ["body", "closed", "open", "proof"]);
    text(entry.body);
    text(entry.proof);
    for (const side of SIDES) {
      if (entry[side] === null) continue;
      exactly(entry[side], ["payload", "salt"]);
      text(entry[side].payload);
      text(entry[side].salt);
    }
  }
  text(value.head);
  return value;
}

function chainOf(receipt, said) {
  const bodies = [];
  let before = null;
  receipt.entries.forEach((entry, n) => {
    const seq = n + 1;
    const body = refusing("body", `第 ${seq} 条记录的正文不合规范`, () => readBody(entry.body));
    const first = bodies[0] ?? body;
    if (body.seq !== seq) throw new Refusal("chain", `记录不连续:第 ${seq} 条的序号是 ${body.seq}`);
    if (body.chain !== first.chain || body.origin !== first.origin) throw new Refusal("chain", `第 ${seq} 条记录不属于同一案卷`);
    if (body.prev !== before) throw new Refusal("chain", `第 ${seq} 条记录与前一条不相接:前一条被改动或被替换`);
    before = hex(leafHash(entry.body));
    bodies.push(body);
  });
  said("body", `${bodies.length} 条记录的正文均为规范格式`);
  said("chain", "记录首尾相接,每一条都记着前一条的摘要");
  return bodies;
}

function commitments(receipt, bodies, said, notes) {
  const sides = bodies.map((body, n) => Object.fromEntries(SIDES.map((side) => [side, sideOf(body, side, receipt.entries[n][side])])));
  const erased = refusing("erasure", "依法清除的记录内容不合规范", () => erasures(receipt, bodies));
  bodies.forEach((body, n) => {
    for (const name of SIDES) {
      if (sides[n][name] !== "withheld") continue;
      if (erased.has(`${body.seq} ${name}`)) {
        sides[n][name] = "erased";
        notes.push(`第 ${body.seq} 条记录的${SIDE_NAMES[name]}内容已依法清除`);
      } else {
        notes.push(`第 ${body.seq} 条记录的${SIDE_NAMES[name]}内容未提供给持有人`);
      }
    }
  });
  const shown = sides.flatMap((side) => SIDES.filter((name) => side[name] === "shown")).length;
  said("commitments", `所附 ${shown} 份内容与记录中的摘要一致`);
  return sides;
}

function sideOf(body, side, given) {
  const promised = body[side];
  if (given === null) return promised === null ? "none" : "withheld";
  if (promised === null) throw new Refusal("commitment", `第 ${body.seq} 条记录没有${SIDE_NAMES[side]},回执却附了内容`);
  const salt = /^(?:[0-9a-f]{2}){16,}$/.test(given.salt) ? Uint8Array.from(given.salt.match(/../g), (pair) => parseInt(pair, 16)) : null;
  if (!salt || hex(sha256(join(salt, utf8(given.payload)))) !== promised) {
    throw new Refusal("commitment", `第 ${body.seq} 条记录的${SIDE_NAMES[side]}内容与记录中的摘要不符:内容被改动`);
  }
  return "shown";
}

/** Which sides the chain itself says were erased. */
function erasures(receipt, bodies) {
  const erased = new Set();
  bodies.forEach((body, n) => {
    const open = receipt.entries[n].open;
    if (body.procedure !== "ledger" || body.step !== "erase_payload" || open === null) return;
    const value = parse(utf8(open.payload));
    exactly(value, ["erased", "ground", "persons"]);
    check(Array.isArray(value.erased), "erased is a list");
    for (const item of value.erased) {
      exactly(item, ["seq", "side"]);
      check(["number", "boolean"].includes(typeof item.seq) && SIDES.includes(item.side), "an erased side");
      if (Number(item.seq) < body.seq) erased.add(`${Number(item.seq)} ${item.side}`);
    }
  });
  return erased;
}

function inclusion(receipt, bodies, said) {
  const proofs = receipt.entries.map((entry, n) => refusing("proof", `第 ${bodies[n].seq} 条记录的存在证明不合规范`, () => readProof(entry.proof)));
  const checkpoint = refusing("checkpoint", "日志检查点不合规范", () => readCheckpoint(oneSignature(proofs[0].checkpoint).body));
  proofs.forEach((proof, n) => {
    const seq = bodies[n].seq;
    if (proof.checkpoint !== proofs[0].checkpoint) throw new Refusal("proof", `第 ${seq} 条记录的存在证明用了另一个检查点`);
    if (n > 0 && proof.index <= proofs[n - 1].index) throw new Refusal("proof", `第 ${seq} 条记录在日志中的位置早于前一条`);
    const leaf = leafHash(receipt.entries[n].body);
    const found = refusing("proof", `第 ${seq} 条记录不在日志中:存在证明不成立`, () => rootFromInclusion(leaf, proof.index, checkpoint.size, proof.path));
    if (!same(found, checkpoint.root)) throw new Refusal("proof", `第 ${seq} 条记录不在日志中:存在证明不成立`);
  });
  if (checkpoint.origin !== bodies[0].origin) throw new Refusal("checkpoint", "检查点与记录不属于同一日志");
  said("inclusion", `每条记录都在 ${checkpoint.size} 条的日志之中`);
  return { proofs, checkpoint };
}

function headOf(receipt, bodies, checkpoint, said) {
  const head = refusing("head", "案卷末条声明不合规范", () => {
    const read = readHead(oneSignature(receipt.head).body);
    check(isMoment(read.at), "not a moment");
    return read;
  });
  if (head.origin !== bodies[0].origin || head.chain !== bodies[0].chain) throw new Refusal("head", "案卷末条声明说的是另一案卷或另一日志");
  if (head.size !== checkpoint.size) throw new Refusal("head", "案卷末条声明与检查点的日志大小不一");
  if (head.seq !== BigInt(bodies.length)) throw new Refusal("head", `记录不全:应有 ${head.seq} 条,回执只有 ${bodies.length} 条`);
  if (head.hash !== hex(leafHash(receipt.entries.at(-1).body))) throw new Refusal("head", "最后一条记录与案卷末条声明不符");
  said("head", `截至 ${head.at},案卷共 ${head.seq} 条,回执没有缺漏`);
  return head;
}

async function signatures(receipt, checkpoint, origin, keys, verdict, said) {
  const known = keys.filter((key) => key.name === origin);
  for (const [note, name] of [[checkpoint, "检查点"], [receipt.head, "案卷末条声明"]]) {
    try {
      await verified(note, known);
    } catch (error) {
      if (error instanceof UnknownSignerError) throw new Refusal("signer", `签名人未知:${keys.length ? `${name}不是所给公钥的签名` : "没有提供日志的公钥"}`);
      if (error instanceof FormatError) throw new Refusal("signature", `${name}的签名不成立`);
      throw error;
    }
  }
  const used = [checkpoint, receipt.head].map((note) => oneSignature(note).signature.id);
  verdict.signer = known.filter((key) => used.includes(key.id)).map((key) => key.text).join(", ");
  said("signature", `检查点和案卷末条声明由 ${origin} 的公钥签名`);
}
