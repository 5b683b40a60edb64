#!/bin/sh
# parse-mail, the program: its options, its frames, its limits.  Whatever a
# mail does to it costs that mail only, and never its raw bytes.
. "${srcdir:-.}/t/lib.sh"

# frame FILE: what --batch reads, of a mail that arrived in March 2021.
frame()
{
	perl -e 'binmode STDIN; local $/; $_ = <STDIN>;
	    print pack("NNQ>", length, 0, 1615284000), $_' <"$1"
}

# records FILE: how many frames there are, and what follows the last.
records()
{
	perl -e 'binmode STDIN; local $/; $_ = <STDIN>; $n = 0;
	    while (length >= 4 && length >= 4 + unpack("N", $_)) {
		substr($_, 0, 4 + unpack("N", $_)) = ""; $n++ }
	    print "$n and ", length, " bytes\n"' <"$1"
}

mail one@example.org >one <<EOF
the text of one
EOF
mail two@example.org >two </dev/null

status '--help: 0' 0 parse-mail --help
has 'on standard output' '--batch' out
status '--version: 0' 0 parse-mail --version
has 'names the package' '^parse-mail \(kvdigest\) [0-9]' out
status 'an unknown option: 64' 64 parse-mail --no-such <one
has 'it is named' '^parse-mail: .*--no-such' err
status 'no bytes at all: 65' 65 parse-mail </dev/null
has 'it says so' '^parse-mail: standard input: .*it is empty$' err
status 'a full disk: 74' 74 sh -c 'parse-mail <one >/dev/full'
status 'a mail: 0' 0 parse-mail <one
ok 'without a word on standard error' test ! -s err
says 'the output may be a file' 'id=one@example.org' 'author.name=Ann Example' \
    'author.address=ann@example.org' 'subject=hello' 'date=1615284000' \
    'text=the text of one\n' 'copies=kvmarm@lists.example.org' \
    'flags=backfill' 'facts=' 'refs=' 'parent=' <one

{ frame one && frame two; } >frames
status 'two framed mails: 0' 0 sh -c 'parse-mail --batch <frames | cat >answer'
records answer >got
echo '2 and 0 bytes' >want
is 'two records' want got
ok 'of the first' grep -qa one@example.org answer
ok 'and the second' grep -qa two@example.org answer
ok 'but not the text' sh -c '! grep -qa "the text of one" answer'
parse-mail --batch --text <frames | cat >answer
ok 'unless it is asked for' grep -qa 'the text of one' answer
status 'no frame at all: 0' 0 parse-mail --batch </dev/null
head -c 100 frames >cut.frames
status 'a frame cut in its mail: 65' 65 parse-mail --batch <cut.frames
has 'it says so' 'standard input: ends inside a frame' err
head -c 5 frames >cut.frames
status 'a frame cut in its head: 65' 65 parse-mail --batch <cut.frames
perl -e 'print pack "NNQ>", 0xffffffff, 0, 0' >huge
status 'a frame of four gigabytes: 65' 65 parse-mail --batch <huge
has 'it says so' 'a frame is too long' err
perl -e 'print pack "NNQ>", 0, 0, 1615284000' >empty
parse-mail --batch <empty | cat >answer
records answer >got
echo '1 and 0 bytes' >want
is 'a mail of no bytes, framed, has a record' want got
{ frame one; head -c 3 frames; } >cut.frames
parse-mail --batch <cut.frames 2>/dev/null | cat >answer
records answer >got
is 'the records of whole frames are out before a cut one' want got
status 'a full disk with --batch: 74' 74 \
    sh -c 'parse-mail --batch <frames >/dev/full'

# What has killed or stalled parsers; all of it takes well under a second.
quick()
{
	case=$1
	shift
	ok "$case: in time" timeout 4 parse-mail <hostile
	says "$case" "$@" <hostile
}

perl -e 'print "From: ", join("\n ", ("g:" x 400) x 125), "\n",
    "Message-ID: <groups\@example.org>\n\nbody\n"' >hostile
quick '100 kB of nested groups in From' 'id=groups@example.org' \
    'flags~clipped' 'flags~malformed' 'text=body\n'
cp hostile groups
perl -e 'print "Subject: ", "=?utf-8?b?4pi" x 91000, "\n",
    "Message-ID: <words\@example.org>\n\nbody\n"' >hostile
quick '1 MB of unterminated encoded words' 'id~.' 'text=body\n' \
    'flags~clipped'
perl -e 'print "Message-ID: <w\@example.org>\nSubject: ",
    "=?utf-8?q?a?= " x 16000, "\n\nbody\n"' >hostile
quick '16,000 encoded words' 'subject~^a{4000}' 'flags~clipped'
perl -e 'print "Content-Type: multipart/mixed; boundary=b\n\n",
    "--b\n\nx\n" x 20000, "--b--\n"' >hostile
quick '20,000 parts' 'flags~clipped' 'text~\A(x\n){990,}x\z'
perl -e 'for (1 .. 32) { print "Content-Type: multipart/mixed; boundary=\"b$_\"",
    "\n\n--b$_\n" } print "\ndeep text\n"; print "--b", 33 - $_, "--\n" for 1 .. 32
    ' >hostile
quick 'parts 32 deep' 'text=deep text' 'flags!~clipped'
perl -e 'for (1 .. 10000) {
    print "Content-Type: multipart/mixed; boundary=\"b$_\"\n\n--b$_\n" }' \
    >hostile
quick 'parts 10,000 deep' 'flags~clipped'
perl -e 'print "Content-Type: message/rfc822\n\n" x 3000, "x\n"' >hostile
quick 'mails 3,000 deep' 'text='
perl -e 'print "A: b\n" x 1001, "Subject: late\n\nbody\n"' >hostile
quick '1,001 fields' 'flags~clipped' 'subject=' 'text=body\n'
perl -e 'print "Subject: ", "x" x 300000, "\nMessage-ID: <late\@x>\n\nbody\n"' \
    >hostile
quick 'a field of 300 kB' 'flags~clipped' 'flags~no-id' 'text=body\n'
perl -e 'print "Subject: ", "long " x 13100, "\n\nbody\n"' >hostile
quick 'a subject of 65,500 bytes' 'subject~^(long )+long$' 'text=body\n'
perl -e 'print "References: ", map({ "<r$_\@example.org>\n " } 1 .. 5000),
    "\nSubject: s\n\nbody\n"' >hostile
quick '5,000 references' 'flags~clipped' 'subject=s' \
    'refs~^r1@example.org( \S+){998}$' 'parent=r5000@example.org'
parse-mail <hostile >record.json
ok 'the first and the last of them' sh -c '
    grep -q "r1@example.org" record.json &&
	grep -q "r5000@example.org" record.json'
perl -e 'print "Cc: ", join(",\n ", map { "u$_\@example.org" } 1 .. 5000),
    "\n\nbody\n"' >hostile
quick '5,000 addresses' 'flags~clipped' 'copies~^u1@example.org( \S+){999}$'
perl -e 'print "Cc: ", ";" x 60000, "\nSubject: s\n\nbody\n"' >hostile
quick '60,000 semicolons in Cc' 'subject=s'
perl -e 'print "Content-Type: multipart/mixed;\n ", "n" x 72,
    "=\"\xd1\x9c\"\n\nbody\n"' >hostile
quick 'a parameter name of 72 letters' 'id~.'
perl -e 'print "Content-Type: text/plain; ",
    join(";\n ", map { "name*$_=v" } 0 .. 4999), "\n\nbody\n"' >hostile
quick '5,000 pieces of a parameter' 'flags~clipped' 'text=body\n'
perl -e 'print "Content-Type: text/html\n\n", "<p style=\"x\"" x 300000' \
    >hostile
quick '300,000 tags that do not end' 'flags~html'
perl -e 'print "Content-Type: text/html\n\n",
    "<b style=\"display:none\">" x 200000' >hostile
quick '200,000 hidden elements that do not end' 'text='
perl -e 'print "Content-Type: text/plain; charset=utf-8\n\n",
    "\xe4\xb8\xad\xe6\x96\x87\n" x 700000' >hostile
quick '5 MB of Chinese, cut at a line' 'flags~clipped' 'flags!~charset' \
    'text~\A中文\n中文\n' 'text~\n中文\n\z'

perl -e 'print "Subject: s\n", map({ "X-Trace-$_: " . "x" x 900 . "\n" }
    1 .. 400), "Cc: late\@example.org\n\nbody\n"' >hostile
quick 'a header of 360 kB' 'flags~clipped' 'subject=s' 'copies=' 'text=body\n'
perl -e 'print "Subject: s\n", "a:\n" x 3000000, "\nbody\n"' >hostile
quick '3,000,000 empty fields' 'flags~clipped' 'subject=s' 'text=body\n'
perl -e 'print "Subject: s\n", "a" x 20000000, ": b\n\nbody\n"' >hostile
quick 'a name of a field of 20 MB' 'subject=s'
perl -e 'print "Subject: ", "x " x 10000000, "\n\nbody\n"' >hostile
quick 'a subject of 20 MB' 'flags~clipped' 'text=body\n'
perl -e 'print "Subject: s\n\n", "word " x 4000000, "\n"' >hostile
quick 'a line of 20 MB' 'subject=s' 'text~^(word ){10000}' 'flags~clipped'
perl -e 'print "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
    "Content-Type: text/plain; name=\"", "=?utf-8?q?" x 40000, "\"\n\nx\n--b--\n"
    ' >hostile
quick '400 kB of unterminated words in a part' 'text~^x$'
perl -e 'print "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
    "X-A: ", "=?utf-8?q?" x 40000, "\n", "b:\n" x 100000, "\nx\n--b--\n"
    ' >hostile
quick 'and in a field of one that nobody reads' 'text~^x$'
perl -e 'for (1 .. 300) {
    print "Content-Type: multipart/mixed; boundary=\"b$_\"\n\n--b$_\n" }
    print "\n", "--\n" x 20000' >hostile
quick '20,000 rules below 300 boundaries' 'flags~clipped'
perl -e 'print "Content-Type: text/plain; charset=utf-8\n",
    "Content-Transfer-Encoding: base64\n\n", "AAAA\n" x 400000' >hostile
quick '1.2 MB of NUL in base64' 'text~^\x{FFFD}+'
sh -c 'cat one | parse-mail' >piped
parse-mail <one >plain
is 'a mail on a pipe is the same' plain piped

# Through the client: a mail that kills the parser is still there, with what
# its header says to a scanner.  A small stack makes the groups deadly.
new_store
kvdigest-ingest <one
perl -e 'print "Message-ID: <deadly\@example.org>\n",
    "List-Id: <kvmarm.lists.example.org>\n",
    "In-Reply-To: <one\@example.org>\nCc: ", "\n g:g:g:g" x 6500,
    "\n\nbody\n"' >deadly
kvdigest-ingest <deadly
kvdigest-ingest <two
if sh -c 'ulimit -s 256; parse-mail <deadly' >out 2>err; then
	skip 'a mail can kill the parser' 'this GMime bears nested groups'
else
	ok 'a mail can kill the parser' test ! -s out
fi
status 'it does not kill the run' 0 \
    sh -c 'ulimit -s 256; kvdigest-thread --dump'
sort out >got
cat >want <<'EOF'
deadly@example.org	thread:1	topic:1
one@example.org	thread:1	topic:1
two@example.org	thread:3	topic:3
EOF
is 'costs no other, and keeps its place in its thread' want got
kvdigest-thread --raw deadly@example.org >got
is 'its bytes are all there' deadly got

# A program in its place that is none: it must not mark all mails.
mkdir bin
bad=0
for program in 'exit 3' 'cat >/dev/null' 'head -c 20000 /dev/urandom' \
    'cat' 'kill -9 $$'; do
	printf '#!/bin/sh\n%s\n' "$program" >bin/parse-mail
	chmod +x bin/parse-mail
	bad=$((bad + 1))
	mail "bad$bad@example.org" </dev/null | kvdigest-ingest
	status "a parser that does '$program': 78" 78 \
	    env KVDIGEST_EXEC_PATH="$T/bin" kvdigest-thread
	has 'it says whose fault it is' 'parse-mail: does not answer' err
done
status 'and with the right one again: 0' 0 kvdigest-thread --dump
ok 'all mails are there' test "$(wc -l <out)" -eq 8
# Who is a robot is the operator's to say.
mkdir data
echo 'nightly*@example.org' >data/robots
mail build@example.org 'From: Build <nightly-7@example.org>' </dev/null >build
parse-mail <build >out
hasnt 'a person by the shipped list' '"robot"' out
KVDIGEST_DATA_PATH=$T/data parse-mail <build >out
has 'and a robot by another' '"robot"' out
kvdigest-ingest --archived <build
echo 'a' | tr a '\001' >>data/robots
export KVDIGEST_DATA_PATH=$T/data
status 'a list that is none' 78 kvdigest-thread
has 'is named' "^kvdigest-thread: $T/data/robots:2: robots: a control" err
rm data/robots
status 'none at all' 78 parse-mail <build
has 'is named, too' "^parse-mail: $T/data/robots: robots: .*No such file" err
done_testing
