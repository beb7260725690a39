curl -sS --fail-with-body '{{url}}/api/v1/usage' \
  -H "Authorization: Bearer $PAYPHONE_API_KEY"
