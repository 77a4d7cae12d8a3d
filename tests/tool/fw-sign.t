#!/bin/bash
# Keys, manifests and announcements: what fw-sign writes, what openssl says of it, and everything it refuses.
. "${0%/*}/../lib/tap.sh"

# ---- keys ----

id=$(fw-sign --quiet keygen key)
check "keygen makes a key" test -s key -a -s key.pub
is "the private key is for its owner" "$(stat -c %a key)" 600
is "openssl reads both" "$(openssl pkey -in key -pubout)" "$(cat key.pub)"
is "the identifier is the hash of the raw public key" \
	"$(openssl pkey -pubin -in key.pub -outform DER | tail -c 32 | sha256sum | cut -c1-16)" "$id"
cp key before
fails "an existing key is kept" 73 fw-sign keygen key
check "as it was" cmp key before
touch half.pub
fails "an existing public key is kept" 73 fw-sign keygen half
check "then no private one is left behind" test ! -e half
fails "a folder that is not there" 73 fw-sign keygen nowhere/key
openssl genpkey -algorithm ed25519 -out theirs 2>/dev/null
openssl pkey -in theirs -pubout -out theirs.pub

# ---- signing ----

head -c 100000 /dev/urandom >image
describe=(--model thermo --hardware A --hardware B2 --version 1.4.0 --sequence 17 --minimum 12)
check "an image is signed" sh -c '"$@" >manifest' - fw-sign sign --key key "${describe[@]}" \
	--created 2026-01-31T12:00:00Z image
like "it says by which key" "$(cat err)" "signed thermo 1.4.0, sequence 17, 100000 bytes, by key $id"
is "the manifest is two lines" "$(wc -l <manifest)" 2
is "the first says what it is" "$(head -n 1 manifest)" "{\"format\":1,\"model\":\"thermo\",\"hardware\":[\"A\",\"B2\"],\
\"version\":\"1.4.0\",\"sequence\":17,\"minimum\":12,\"size\":100000,\"chunk\":16384,\
\"sha256\":\"$(sha256sum <image | cut -c1-64)\",\"created\":\"2026-01-31T12:00:00.000000Z\"}"
like "the second is the signature" "$(tail -n 1 manifest)" "^ed25519 $id [A-Za-z0-9+/]{86}==\$"

{ echo sensorpipe-firmware-manifest-1; head -n 1 manifest | tr -d '\n'; } >signed
tail -n 1 manifest | cut -d' ' -f3 | base64 -d >signature
check "openssl verifies it" openssl pkeyutl -verify -pubin -inkey key.pub -rawin -in signed -sigfile signature
check "a key made by openssl signs" sh -c '"$@" >theirs.manifest' - fw-sign sign --key theirs "${describe[@]}" image

# ---- verifying ----

is "verify writes what was signed" "$(fw-sign --quiet verify --key key.pub manifest image)" "$(head -n 1 manifest)"
check "one of several keys is enough" fw-sign verify --key theirs.pub --key key.pub manifest
check "a manifest may come from a pipe" sh -c 'cat manifest | fw-sign verify --key key.pub /dev/stdin'
check "and a key, which is waited for" fw-sign verify --key <(sleep 0.2 && cat key.pub) manifest

fails "a key that is not known" 65 fw-sign verify --key theirs.pub manifest
like "is called so" "$(cat err)" "unknown-key"
is "and nothing is written" "$(cat out)" ""
sed 's/"sequence":17/"sequence":18/' manifest >changed
fails "a manifest that was changed" 65 fw-sign verify --key key.pub changed
like "is called so" "$(cat err)" "bad-signature"
{ head -n 1 manifest; tail -n 1 theirs.manifest; } >mixed
fails "one manifest with another's signature" 65 fw-sign verify --key theirs.pub --key key.pub mixed
head -n 1 manifest >unsigned
fails "a manifest without signature" 65 fw-sign verify --key key.pub unsigned
head -c 60 manifest >cut
fails "half a manifest" 65 fw-sign verify --key key.pub cut
head -c 5000 /dev/zero >zeros
fails "what is no manifest" 65 fw-sign verify --key key.pub zeros
fails "what is not there" 66 fw-sign verify --key key.pub nothing
{ cat image; echo; } >longer
fails "an image of another size" 65 fw-sign verify --key key.pub manifest longer
cp image other
printf 'xyz' | dd of=other conv=notrunc status=none
fails "an image with other bytes" 65 fw-sign verify --key key.pub manifest other
like "is called so" "$(cat err)" "SHA-256"

# ---- announcing ----

fw-sign publish --key key.pub manifest >record
is "a manifest becomes a retained message" "$(cut -f1,4-7 record)" \
	$'m1\tfw/thermo/manifest\tq1r\ttext/plain\t'
is "with the manifest as it is" "$(cut -f8 record | perl -pe 's/\\n/\n/g; chomp if eof')" "$(cat manifest)"
is "of a group" "$(fw-sign publish --group canary manifest | cut -f4)" fw/thermo/manifest/canary
fails "a manifest that is not good is not announced" 65 fw-sign publish --key theirs.pub manifest
fails "nor is one that is none" 65 fw-sign publish zeros

# ---- what is refused ----

fails "no command" 64 fw-sign
fails "another command" 64 fw-sign encrypt image
fails "no image" 64 fw-sign sign --key key "${describe[@]}"
fails "no key" 64 fw-sign sign "${describe[@]}" image
fails "no hardware" 64 fw-sign sign --key key --model a --version 1 --sequence 1 image
fails "no sequence" 64 fw-sign sign --key key --model a --hardware A --version 1 image
fails "a model that is a topic of devices" 64 fw-sign sign --key key "${describe[@]}" --model get image
fails "a version that is a path" 64 fw-sign sign --key key "${describe[@]}" --version ../1 image
fails "a sequence of 0" 64 fw-sign sign --key key "${describe[@]}" --sequence 0 image
fails "a minimum above the sequence" 64 fw-sign sign --key key "${describe[@]}" --minimum 18 image
fails "a chunk that is too large" 64 fw-sign sign --key key "${describe[@]}" --chunk 64K image
fails "a time that is none" 64 fw-sign sign --key key "${describe[@]}" --created soon image
fails "an option of another command" 64 fw-sign verify --key key.pub --sequence 1 manifest
fails "a group to sign" 64 fw-sign sign --key key "${describe[@]}" --group canary image
fails "verify without a key" 64 fw-sign verify manifest
fails "the public key cannot sign" 65 fw-sign sign --key key.pub "${describe[@]}" image
fails "the private key does not verify" 66 fw-sign verify --key key manifest
: >empty
fails "an empty image" 65 fw-sign sign --key key "${describe[@]}" empty
truncate -s 1073741825 large
fails "an image that is too large" 65 fw-sign sign --key key "${describe[@]}" large
fails "a folder" 66 fw-sign sign --key key "${describe[@]}" /tmp
chmod 644 key
fw-sign sign --key key "${describe[@]}" image >/dev/null 2>err
like "a key that others may read is warned of" "$(cat err)" "open to others"
openssl genpkey -algorithm ed25519 -aes256 -pass pass:x -out locked 2>/dev/null
fails "a key with a passphrase is refused, not asked for" 65 fw-sign sign --key locked "${describe[@]}" image
like "and says so" "$(cat err)" "encrypted"
finish
