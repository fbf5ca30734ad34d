#!/bin/sh
# Watches a person, then lists the newest alerts. First say where the API is and who you are:
#   export API=https://...execute-api.us-east-1.amazonaws.com
#   export TOKEN="$(arrest-alert sign-in https://console.da.example.gov)"
set -eu

curl --silent --show-error --fail-with-body "$API/v1/subscriptions" \
  --header "Authorization: Bearer $TOKEN" \
  --header "Content-Type: application/json" \
  --header "Purpose: supervision" \
  --header "Idempotency-Key: watch-PAR-2026-0042" \
  --data '{
    "criterion": {"watch": "person", "surname": "Quillfeather", "given": "Dorian", "date_of_birth": "1988-03-14"},
    "basis": {"kind": "supervision", "case_number": "PAR-2026-0042"}
  }'
echo

curl --silent --show-error --fail-with-body "$API/v1/alerts?limit=10" \
  --header "Authorization: Bearer $TOKEN" \
  --header "Purpose: supervision"
echo
