#!/bin/sh
# An institution's script with curl and openssl: asks about a redeem code, commits it, prints both
# answers.  Arguments: URL CLIENT_CODE SIGN_KEY REDEEM_CODE [HOST].  Proxy and CA come from the
# environment, as curl reads it.  Like a PHP program that was seen, it calls //api and signs /api.
set -eu
url=$1 client_code=$2 sign_key=$3 redeem_code=$4 host=${5:-}
path=/api/v1/integration/payment/redeem-code

call() {
    timestamp=$(date +%s)
    signature=$(printf '%s' "${client_code}${timestamp}POST${path}/$1$2" | openssl dgst -sha1 -hmac "$sign_key")
    curl --silent --show-error --max-time 30 --data "$2" ${host:+--header "Host: $host"} \
        --header 'Content-Type: application/json' --header "client_code: $client_code" \
        --header "timestamp: $timestamp" --header "signature: ${signature##* }" "$url/$path/$1"
}

status=$(call status "{\"redeem_code\":\"$redeem_code\",\"sequence\":1}")
commit=$(call commit "{\"redeem_code\":\"$redeem_code\"}")
printf '{"status":%s,"commit":%s}\n' "$status" "$commit"
