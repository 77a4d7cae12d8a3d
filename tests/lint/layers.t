#!/bin/bash
# The library's layers: a file includes only its own layer and those before it. Tools never include each other.
. "${0%/*}/../lib/tap.sh"

cd "$root" || exit 1
layers=(base text stream observe record firmware durable link)
allowed=
for layer in "${layers[@]}"; do
	allowed="$allowed|$layer"
	others=$(grep -nHoE '#include "[a-z]+/' "lib/$layer"/*.[ch] | grep -vE "\"(${allowed#|})/" | grep -v '"payload/')
	is "lib/$layer includes nothing above it" "$others" ""
done
is "every folder of lib is a layer" \
	"$(ls -d lib/*/ | sed 's|lib/||; s|/||' | grep -vxE "${allowed#|}|payload" | tr '\n' ' ')" ""
is "only link/ includes Paho" "$(grep -lE '#include <MQTT' -r lib cmd | grep -v '^lib/link/mqtt_')" ""
is "tools do not include each other" \
	"$(grep -nHE '#include "(\.\./|[a-z]+-[a-z0-9]+/)' -r cmd --include='*.[ch]')" ""
is "the library does not include tools" "$(grep -nHE '#include ".*cmd/' -r lib --include='*.[ch]')" ""
finish
