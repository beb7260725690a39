let cursor = "";
while (cursor !== null) {
  const url = new URL("{{url}}/api/v1/metering-records?limit=200");
  if (cursor) url.searchParams.set("cursor", cursor);
  const answer = await fetch(url, {
    headers: { Authorization: `Bearer ${process.env.PAYPHONE_API_KEY}` },
  });
  if (!answer.ok) throw new Error(await answer.text());
  const page = await answer.json();
  for (const record of page.items) {
    console.log(record.hour, record.dimension, record.quantity, record.state);
  }
  cursor = page.next ?? null;
}
