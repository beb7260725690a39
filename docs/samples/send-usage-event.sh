curl -sS --fail-with-body '{{url}}/api/v1/usage-events' \
  -H "Authorization: Bearer $PAYPHONE_API_KEY" \
  -H 'Content-Type: application/cloudevents+json' \
  -d '{
    "specversion": "1.0",
    "id": "{{event}}",
    "source": "urn:example:billing",
    "type": "payphone.payment.approved",
    "subject": "{{tenant}}",
    "time": "{{time}}",
    "data": {"quantity": 1}
  }'
