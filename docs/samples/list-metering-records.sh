curl -sS --fail-with-body '{{url}}/api/v1/metering-records?limit=200' \
  -H "Authorization: Bearer $PAYPHONE_API_KEY"
