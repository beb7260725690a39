import { createHash } from "node:crypto";

const tenant = "{{tenant}}";
const names = ["actor", "action", "outcome", "target", "detail", "address", "requestId"];

function hashOf(line) {
  // The hash has milliseconds; the answer leaves them out where they are zero.
  const at = line.at.includes(".") ? line.at : line.at.replace("Z", ".000Z");
  const fields = ["payphone-audit-1", line.previous, tenant, String(line.seq), line.id, at];
  const digest = createHash("sha256");
  for (const field of [...fields, ...names.map((name) => line[name])]) {
    const length = Buffer.alloc(8, 255);
    if (field !== null) length.writeBigUInt64BE(BigInt(Buffer.byteLength(field)));
    digest.update(length).update(field ?? "");
  }
  return digest.digest("hex");
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

// Newest first: every line says what the hash of the next one, which is older, has to be.
let newest, seq, hash;
let cursor = "";
while (cursor !== null) {
  const url = new URL("{{url}}/api/v1/audit-log?limit=200");
  if (cursor) url.searchParams.set("cursor", cursor);
  const answer = await fetch(url, {
    headers: { Authorization: `Bearer ${process.env.PAYPHONE_API_KEY}` },
  });
  if (!answer.ok) throw new Error(await answer.text());
  const page = await answer.json();
  for (const line of page.items) {
    newest ??= line;
    seq ??= line.seq;
    hash ??= line.hash;
    if (line.seq !== seq || line.hash !== hash) {
      fail(`Line ${seq} was changed, removed or moved.`);
    }
    if (line.hash !== hashOf(line)) fail(`Line ${seq} of ${tenant} was changed.`);
    seq -= 1;
    hash = line.previous;
  }
  cursor = page.next;
}
if (seq !== 0 || hash !== "0".repeat(64)) fail("The trail does not go back to its first line.");
console.log(`${newest.seq} lines, none of them changed. Keep the last one's hash: ${newest.hash}`);
