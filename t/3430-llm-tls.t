#!/bin/sh
# The key and the mails go to the server that base_url names and to no other:
# its certificate is of a trusted issuer and of this name, or nothing is sent.
. "${srcdir:-.}/t/lib.sh"
. "$srcdir/t/llm.sh"
trap 'stop_servers; chmod -R u+w "$T"; rm -rf "$T"' EXIT

command -v openssl >/dev/null || skip_all 'no openssl'
perl -MIO::Socket::SSL -e 1 2>/dev/null || skip_all 'no IO::Socket::SSL'

# An issuer, a certificate of it for this machine, one for another machine,
# and one that vouches for itself.
cat >openssl.cnf <<EOF
[req]
distinguished_name = name
prompt = no
[name]
CN = test
[issuer]
basicConstraints = critical, CA:true
[here]
subjectAltName = DNS:localhost
[elsewhere]
subjectAltName = DNS:llm.example.org
EOF
# certificate NAME SECTION: NAME.pem and NAME.key, of the issuer.
certificate()
{
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	    -nodes -config openssl.cnf -subj "/CN=$1" \
	    -keyout "$1.key" -out "$1.csr" &&
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key \
	    -CAcreateserial -days 2 -extfile openssl.cnf -extensions "$2" \
	    -out "$1.pem"
}
# self NAME SECTION: the same, of itself.
self()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
	    -nodes -days 2 -config openssl.cnf -extensions "$2" \
	    -subj "/CN=$1" -keyout "$1.key" -out "$1.pem"
}
{
	self ca issuer && self alone here && certificate right here &&
	    certificate wrong elsewhere
} >openssl.out 2>&1 || skip_all 'openssl makes no certificates'

key=sk-canary-0123456789abcdef
echo "$key" >key
chmod 600 key

# connect CERTIFICATE STATUS DESCRIPTION [LINE...]: ask such a server.
connect()
{
	certificate=$1 want=$2 what=$3
	shift 3
	rm -rf server
	start_server server --tls "$certificate.pem" "$certificate.key"
	conf good "api_key_file: $T/key" "$@"
	sed -i 's|http://127.0.0.1|https://localhost|' k.yaml
	ask "$want" "$what"
	stop_servers
}

# refused DESCRIPTION: the last connect sent nothing.
refused()
{
	has "$1: says why" '^summarise-llm: a: .*[Cc]ertificate|SSL' err
	ok "$1: nothing is sent" test ! -e server/1.head
	hasnt "$1: no key in messages" canary err
}

connect right 0 'a trusted issuer, the right name' "ca_file: $T/ca.pem"
has 'the key is sent' "^[Aa]uthorization: Bearer $key" server/1.head

connect right 69 'an issuer that nobody trusts'
refused 'that issuer'
connect wrong 69 "another machine's certificate" "ca_file: $T/ca.pem"
refused 'that machine'
connect alone 69 'a certificate of itself'
refused 'it'
connect alone 69 'a certificate of itself beside trusted ones' \
    "ca_file: $T/ca.pem"
refused 'it still'

done_testing
