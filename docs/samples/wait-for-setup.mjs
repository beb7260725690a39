const looks = Number(process.env.PAYPHONE_LOOKS ?? 60);
const said = new Set();
let waiting;
for (let look = 0; look < looks; look += 1) {
  if (look > 0) await new Promise((resume) => setTimeout(resume, 5000));
  const answer = await fetch("{{url}}/api/v1/setup", {
    headers: { Authorization: `Bearer ${process.env.PAYPHONE_API_KEY}` },
  });
  if (!answer.ok) throw new Error(await answer.text());
  const { items } = await answer.json();
  for (const item of items) {
    const line = `${item.name} ${item.state}: ${item.message}`;
    if (!said.has(line)) console.log(line);
    said.add(line);
  }
  waiting = items.filter((item) => item.state !== "done");
  if (waiting.length === 0) break;
}
for (const item of waiting) console.error(`Still waiting for ${item.name}. ${item.help}`);
process.exitCode = waiting.length === 0 ? 0 : 1;
