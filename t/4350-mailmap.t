#!/bin/sh
# report.mailmap: who is who, by a file in the form of gitmailmap(5).
. "${srcdir:-.}/t/lib.sh"

new_store
mail m1@x 'Subject: [PATCH] KVM: arm64: Do it' 'From: Ann <ann@home.example>' \
    </dev/null | kvdigest-ingest --archived
echo 'Reviewed-by: B. Li <BO@work.example>' | mail m2@x \
    'Subject: Re: [PATCH] KVM: arm64: Do it' 'In-Reply-To: <m1@x>' \
    'From: B. Li <bo@work.example>' | kvdigest-ingest --archived
echo 'So did I.' | mail m3@x \
    'Subject: Re: [PATCH] KVM: arm64: Do it' 'In-Reply-To: <m1@x>' \
    'From: Bo <bo@home.example>' | kvdigest-ingest --archived
echo 'Me too.' | mail m4@x \
    'Subject: Re: [PATCH] KVM: arm64: Do it' 'In-Reply-To: <m1@x>' \
    'From: Cem <shared@work.example>' | kvdigest-ingest --archived

# digest MAILMAP: out has it, with that file.
digest()
{
	sed "s,^mail:,report: {mailmap: $1}\n&," kvdigest.yaml >k.yaml
	kvdigest-report -n -c k.yaml --no-llm --week 2021-W10 >out 2>err
}

cat >map <<'EOF'
# Of a name alone, of an address, of both; of one with a name.
Ann Ek <ann@home.example>
Bo Li <Bo.Li@work.example> <bo@work.example>	# his first one
Bo Li <bo.li@work.example> <bo@home.example>
Dan Oz <dan@work.example> cem <shared@work.example>
<nobody@work.example> Eve <shared@work.example>
EOF
kvdigest-report -n --no-llm --week 2021-W10 >out
has 'without it there are four' '参与者：.*4 人' out
digest "$T/map"
is 'it is read' /dev/null err
has 'with it three' '参与者：.*3 人' out
has 'by their names' 'Bo Li' out
has 'and addresses' 'Bo Li <bo.li@work.example>' out
has 'of the author' 'v1 2021-03-09 Ann Ek' out
has 'and in trailers' 'Reviewed-by.*Bo Li <bo.li@work.example>' out
has 'one address of several' 'Dan Oz <dan@work.example>' out
hasnt 'and of no other name' 'nobody@' out
kvdigest-thread --show m1@x >out
has 'mails are what they are' 'B. Li <bo@work.example>' out

for line in 'Ann Ek' '<ann@x>' 'Ann <ann@x' 'A <a@x> B' 'A <a@x> B <b@x> C'; do
	echo "$line" >bad
	digest "$T/bad"
	has "no entry: $line" \
	    "^kvdigest-report: $T/bad:1: mailmap: expected .*; going on" err
done
has 'the digest is there all the same' 'KVM: arm64: Do it' out
digest "$T/missing"
has 'no file' "^kvdigest-report: $T/missing: mailmap: .*No such file" err
digest relative
has 'no absolute path' 'report.mailmap: .*absolute path' err
digest "$T/bad"
status 'it is checked' 78 kvdigest-report -c k.yaml --check
has 'and named' '^WRONG  mailmap: .*bad:1: mailmap: expected' out
done_testing
