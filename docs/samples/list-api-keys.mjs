const answer = await fetch("{{url}}/api/v1/api-keys", {
  headers: { Authorization: `Bearer ${process.env.PAYPHONE_API_KEY}` },
});
if (!answer.ok) throw new Error(await answer.text());
for (const key of (await answer.json()).items) {
  console.log(key.prefix, key.name, key.scopes.join(","), key.revokedAt ? "revoked" : "in use");
}
