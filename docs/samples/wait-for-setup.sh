(
  set -e
  for look in $(seq "${PAYPHONE_LOOKS:-60}"); do
    [ "$look" = 1 ] || sleep 5
    setup=$(curl -fsS '{{url}}/api/v1/setup' \
      -H "Authorization: Bearer $PAYPHONE_API_KEY")
    items=$(printf '%s' "$setup" | tr '{' '\n' | grep '^"name"')
    waiting=$(printf '%s\n' "$items" | grep -v '"state":"done"' | cut -d '"' -f 4)
    [ -n "$waiting" ] || break
  done
  printf '%s\n' "$items" |
    sed 's/"name":"\([^"]*\)","state":"\([^"]*\)".*"message":"\(.*\)","help".*/\1 \2: \3/'
  if [ -n "$waiting" ]; then
    echo "Still waiting for:" $waiting >&2
    exit 1
  fi
)
