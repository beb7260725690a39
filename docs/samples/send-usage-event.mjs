const event = {
  specversion: "1.0",
  id: "{{event}}",
  source: "urn:example:billing",
  type: "payphone.payment.approved",
  subject: "{{tenant}}",
  time: "{{time}}",
  data: { quantity: 1 },
};
const answer = await fetch("{{url}}/api/v1/usage-events", {
  method: "POST",
  headers: {
    Authorization: `Bearer ${process.env.PAYPHONE_API_KEY}`,
    "Content-Type": "application/cloudevents+json",
  },
  body: JSON.stringify(event),
});
if (!answer.ok) throw new Error(await answer.text());
for (const result of (await answer.json()).items) {
  console.log(result.id, result.status, result.reason ?? "");
}
