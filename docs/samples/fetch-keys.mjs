import { writeFileSync } from "node:fs";

async function ask(path) {
  const answer = await fetch("{{url}}/api/v1/keys" + path, {
    headers: { Authorization: `Bearer ${process.env.PAYPHONE_API_KEY}` },
  });
  if (!answer.ok) throw new Error(await answer.text());
  return answer.text();
}

const keys = JSON.parse(await ask("")).items;
const key = keys.find((key) => key.mode === "test" && key.state === "active");
if (!key) {
  console.error("There is no test key pair in force yet.");
  process.exit(1);
}
for (const half of ["public-key", "certificate"]) {
  writeFileSync(`${key.id}-${half}.pem`, await ask(`/${key.id}/${half}.pem`));
}
console.log(`Add it as a flow security key: ${key.id}-public-key.pem`);
console.log(`Certificate for the flow's block: ${key.id}-certificate.pem`);
const connect = key.connectKeyId ?? "Amazon Connect shows it once the key is added";
console.log(`Key id for the flow's block: ${connect}`);
