# Looks at the links from line to line; the Python and Node samples make every hash anew as well.
curl -fsS '{{url}}/api/v1/audit-log?format=csv' -o audit-log.csv \
  -H "Authorization: Bearer $PAYPHONE_API_KEY" &&
  grep -oE '[0-9a-f]{64},aud_[^,]*,[a-z]*,[0-9a-f]{64}' audit-log.csv |
  awk -F, '
    NR == 1 { newest = $1 }
    NR > 1 && $1 != previous { broken = 1 }
    { previous = $4 }
    END {
      if (broken || previous !~ /^0+$/) {
        print "A line is missing, was changed or was moved."
        exit 1
      }
      print NR " lines in audit-log.csv, each linked to the one before. The last hash: " newest
    }'
