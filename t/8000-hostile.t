#!/bin/sh
# A corpus of hostile mails: every one is stored as it came, parsed within the
# limits, grouped, and shown without a control character.  The corpus is no
# part of this tree; KVDIGEST_CORPUS names where tools/hostile.py makes it.
. "${srcdir:-.}/t/lib.sh"

make_corpus=${KVDIGEST_CORPUS:-}/tools/hostile.py
[ "${KVDIGEST_CORPUS:-}" ] || skip_all 'KVDIGEST_CORPUS is not set'
[ -r "$make_corpus" ] || skip_all "there is no $make_corpus"
command -v python3 >/dev/null || skip_all 'there is no python3'

# shellcheck disable=SC2086 # an option or none
python3 "$make_corpus" mails ${KVDIGEST_LONG:+--big} >/dev/null
new_store
status 'ingest takes every one within its limits' 0 \
    python3 "$make_corpus" mails --run kvdigest-ingest
status 'they are grouped in time' 0 timeout 90 kvdigest-thread --dump
cut -f1 out | sort >ids
cp out dump

cat >manifest.pl <<'EOF'
# manifest.pl raw|record: compare what is stored, or what is read, with what
# the manifest expects of each mail.
use strict;
use warnings;
use JSON::PP;
use Encode;

sub slurp { open my $f, '<:raw', $_[0] or die "$_[0]: $!"; local $/; <$f> }

sub output {
	open my $pipe, '-|:raw', @_ or die "$_[0]: $!";
	local $/;
	return scalar <$pipe> // '';
}

my %seen;
for my $mail (@{decode_json(slurp('mails/manifest.json'))->{messages}}) {
	my ($expect, $file) = ($mail->{expect}, "mails/$mail->{file}");
	my $id = $expect->{id};
	next if $expect->{stored} eq 'none' || !$mail->{bytes};
	if ($ARGV[0] eq 'raw') {
		next if !defined $id || $seen{$id}++;
		# Of a mail that came cut off the whole one is given out.
		next if $mail->{name} eq 'frame-truncated-first';
		print "$mail->{name}: other bytes\n"
		    if output('kvdigest-thread', '--raw', $id) ne slurp($file);
		next;
	}
	my $bytes = output('sh', '-c', 'parse-mail <"$1"', '-', $file);
	my $record = eval { decode_json($bytes) };
	# The largest may be the end of a parser; the client flags those.
	next if !$record && $mail->{name} =~ /^big-/;
	if (!$record) {
		print "$mail->{name}: no record\n";
		next;
	}
	my %got = (id => $record->{id}, subject => $record->{subject},
	    from_addr => $record->{author}{address}, date => $record->{date});
	for (keys %got) {
		print encode_utf8("$mail->{name}: $_: $got{$_}\n")
		    if defined $expect->{$_} && $got{$_} ne $expect->{$_};
	}
	print "$mail->{name}: text\n" if defined $expect->{body_has} &&
	    index($record->{text}, $expect->{body_has}) < 0;
	print "$mail->{name}: controls\n"
	    if "@$record{qw(id subject parent)}" =~ /[\p{Cc}\p{Cf}]/ ||
	    "@{$record->{author}}{qw(name address)}" =~ /[\p{Cc}\p{Cf}]/ ||
	    $record->{text} =~ /[^\P{Cc}\n\t]|\p{Cf}/;
}
EOF
: >none
perl manifest.pl raw >got
is 'the bytes of each come back' none got
perl manifest.pl record >got
is 'each is read as the manifest expects' none got

perl -MJSON::PP -0777 -ne '
    for (@{decode_json($_)->{messages}}) {
	    next if $_->{expect}{stored} eq "none" || $_->{expect}{same_as};
	    $n++; print "$_->{expect}{id}\n" if defined $_->{expect}{id} }
    END { print STDERR "$n\n" }' mails/manifest.json 2>count | sort -u >want
sort -u ids >known
ok 'each is in --dump, once for each content' \
    test "$(wc -l <ids)" -eq "$(cat count)"
comm -23 want known >got
is 'under its id' none got
hasnt 'no line of --dump is broken' \
    '^([^	]*|[^	]*	[^	]*|.*	.*	.*	.*)$' dump
status 'a rebuild: 0' 0 timeout 30 kvdigest-thread --rebuild --dump
is 'gives the same' dump out
status 'an audit: 0' 0 kvdigest-thread --audit
for show in --list --facts; do
	status "$show: 0" 0 kvdigest-thread "$show"
	ok "$show is UTF-8 without controls" perl -Ci -ne \
	    'die "line $.\n" if /[^\P{Cc}\n\t]|\p{Cf}|\x{2028}|\x{2029}/' out
done
for format in text md html json eml; do
	status "--format $format: 0" 0 timeout 30 kvdigest-report -n \
	    --since 2001-01-01 --format "$format"
	ok "--format $format is UTF-8 without controls" perl -Ci -ne \
	    's/\r$//; die "line $.\n" if /[^\P{Cc}\n\t]|\p{Cf}/' out
	[ "$format" != html ] || hasnt 'no markup of a mail in HTML' \
	    '<script|<img|<b>Boss|javascript:' out
done

# What a model would be sent of them, and the mail that goes out.
cat >>kvdigest.yaml <<'EOF'
filters: {chain: [trim-quotes, condense-diff, summarise-llm]}
llm: {use: [a], profiles: {a: {base_url: "http://127.0.0.1:1/v1", model: m}}}
EOF
status 'requests are planned' 0 \
    kvdigest-report -n --plan --dump-requests sent --since 1990-01-01
cat >nowhere.py <<'EOF'
import glob, json, sys

def walk(value):
    if isinstance(value, str):
        value.encode('utf-8')
        yield value
    elif isinstance(value, (list, dict)):
        for inner in (value.values() if isinstance(value, dict) else value):
            yield from walk(inner)

bodies = []
for name in glob.glob('sent/*.json'):
    with open(name, 'rb') as file:
        bodies += walk(json.loads(file.read().decode('utf-8', 'strict')))
with open(sys.argv[1], 'rb') as file:
    mail = file.read()
print('#', len(bodies), 'strings')
for text in bodies:
    bad = [c for c in text if (c < ' ' and c not in '\n\t') or
           '\x7f' <= c <= '\x9f' or '\u202a' <= c <= '\u202e' or
           '\u2066' <= c <= '\u2069' or '\ud800' <= c <= '\udfff']
    if bad:
        print('characters:', ascii(bad[:5]))
with open('mails/manifest.json', encoding='utf-8') as file:
    messages = json.load(file)['messages']
raw = {}
for one in messages:
    with open('mails/' + one['file'], 'rb') as file:
        raw[one['name']] = file.read()

def only_there(one, word):
    return not any(word in raw[name] for name in raw if name != one['name'])

for one in messages:
    for word in one['expect'].get('llm_not') or ():
        # Others may say it where it may be said.
        if only_there(one, word.encode('utf-8', 'surrogatepass')) and \
                any(word in text for text in bodies):
            print(one['name'], 'sent:', ascii(word))
    for word in one['expect'].get('digest_not') or ():
        if word.encode('utf-8', 'surrogatepass') in mail:
            print(one['name'], 'mailed:', ascii(word))
EOF
kvdigest-report -n --no-llm --since 1990-01-01 --format eml >digest.eml
python3 nowhere.py digest.eml >found
grep '^#' found
grep -v '^#' found >wrong
is 'nothing is sent or mailed that must not be' /dev/null wrong
done_testing
