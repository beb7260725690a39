curl -sS --fail-with-body '{{url}}/api/v1/api-keys' \
  -H "Authorization: Bearer $PAYPHONE_API_KEY"
