(
  set -e
  ask() { curl -fsS -H "Authorization: Bearer $PAYPHONE_API_KEY" "$@"; }
  keys=$(ask '{{url}}/api/v1/keys')
  id=$(printf '%s' "$keys" | tr '{' '\n' | grep '"mode":"test"' | grep '"state":"active"' |
    grep -o 'key_[0-9a-f]*' | head -n 1)
  if [ -z "$id" ]; then
    echo "There is no test key pair in force yet." >&2
    exit 1
  fi
  for half in public-key certificate; do
    ask "{{url}}/api/v1/keys/$id/$half.pem" -o "$id-$half.pem"
  done
  echo "Add it as a flow security key: $id-public-key.pem"
  echo "Certificate for the flow's block: $id-certificate.pem"
  echo "Key id for the flow's block: Amazon Connect shows it once the key is added"
)
