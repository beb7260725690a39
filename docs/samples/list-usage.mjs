const answer = await fetch("{{url}}/api/v1/usage", {
  headers: { Authorization: `Bearer ${process.env.PAYPHONE_API_KEY}` },
});
if (!answer.ok) throw new Error(await answer.text());
for (const line of (await answer.json()).items) {
  console.log(line.hour, line.meter, line.quantity);
}
