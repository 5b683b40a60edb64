#!/bin/sh
# trim-quotes: what an answer keeps of the mail that it answers.
. "${srcdir:-.}/t/lib.sh"

# trim KIND <TEXT: what becomes of it, in file out.
trim()
{
	perl -CI -MJSON::PP -0 -e 'print encode_json({format => 1, mails =>
	    [{label => "m1", kind => shift, text => <STDIN> // ""}]})' "$1" |
	    trim-quotes >brief || return
	perl -CO -MJSON::PP -0 -ne 'print decode_json($_)->{mails}[0]{text}' \
	    brief >out
}

trim reply >status.out <<'EOF'
Hi Bob,

On Tue, 9 Mar 2021 10:00:00 +0000,
Ann Example <ann@example.org> wrote:
> On Mon, Cy wrote:
> > What is this for?
>
> line one
> line two
> line three
> line four
> +
> line five

Not needed.

> line six

Yes.



And a second paragraph.

> what follows is not answered
> at all

Best,
-- 
Bob
Example Ltd.
EOF
cat >want <<'EOF'
> […]
> line two
> line three
> line four
> line five
Not needed.

> line six
Yes.

And a second paragraph.
EOF
is 'an answer below the lines that it answers' want out

trim reply <<'EOF'
I like it.

On Tue, Mar 9, 2021 at 10:00 AM Ann Example <ann@example.org> wrote:
>
> all of the mail
> once more
EOF
echo 'I like it.' >want
is 'an answer on top' want out

trim reply <<'EOF'
Applied, thanks.

-----Original Message-----
From: Ann Example
Sent: Tuesday
Subject: a patch

The whole mail.
EOF
echo 'Applied, thanks.' >want
is 'with the mail below it' want out

cat >inline <<'EOF'
Rather like this:

From: Bo Li <bo@example.org>
Date: Tue, 9 Mar 2021 10:00:00 +0000
Subject: [PATCH] KVM: arm64: Do it so

It mends it.
EOF
trim reply <inline
is 'a patch in an answer stays' inline out
sed 's/^Subject/To: Ann Example\n&/' inline >forwarded
trim reply <forwarded
echo 'Rather like this:' >want
is 'a mail with a recipient goes' want out

trim reply <<'EOF'
> > > deep
> > deeper words
> > and more

Only that is quoted.
EOF
cat >want <<'EOF'
> […]
> > deeper words
> > and more
Only that is quoted.
EOF
is 'a quotation of a quotation where there is nothing else' want out

trim reply <<'EOF'
在 2021/3/9 18:00, Ann 写道：
> 第一行

好的。
EOF
printf '> 第一行\n好的。\n' >want
is 'in Chinese' want out

trim patch <<'EOF'
It mends this.

> not a quotation here

Fixes: 0123456789ab ("one")
Signed-off-by: Ann <ann@example.org>
---
 a.c | 2 +-

diff --git a/a.c b/a.c
-- 
2.30.0
EOF
cat >want <<'EOF'
It mends this.

> not a quotation here

---
 a.c | 2 +-

diff --git a/a.c b/a.c
EOF
is 'a patch loses trailers and signature' want out
trim reply </dev/null
is 'nothing is nothing' /dev/null out

# What people say to be polite, and what their programs put before it.
trim reply <<'EOF'
On Tue, 9 Mar 2021 10:00:00 +0000
Ann Example <ann@example.org> wrote:

Hi Ann,

> Hi Bo,
>
> On Mon, 8 Mar 2021 09:00:00 +0000,
> Bo Li <bo@example.org> wrote:
> > Why?
> For speed.
> Reviewed-by: Cy <cy@example.org>

Hi is no greeting here, and this is not the end:

Thanks,
it works now.

> ...
> And that?

Thanks!

	Bo Li
EOF
cat >want <<'EOF'
> […]
> For speed.
Hi is no greeting here, and this is not the end:

Thanks,
it works now.
EOF
is 'greetings, farewells and attributions go' want out
trim reply <<'EOF'
> Reviewed-by: Cy <cy@example.org>

Thanks!
Ann
EOF
cat >want <<'EOF'
> Reviewed-by: Cy <cy@example.org>
Thanks!
Ann
EOF
is 'unless they are all there is' want out

# versions TEXT...: a brief of postings, each of which answers the one before;
# what becomes of their texts in file out.
versions()
{
	perl -MJSON::PP -e 'my $n = 0; print encode_json({format => 1, mails =>
	    [map +{label => "m" . ++$n, kind => $n % 2 ? "cover" : "patch",
	    text => $_}, @ARGV]})' "$@" | trim-quotes >brief
	perl -CO -MJSON::PP -0 -ne 'print map "[$_->{label}]\n$_->{text}",
	    @{decode_json($_)->{mails}}' brief >out
}
long='This paragraph tells at some length, on two lines as it stands here, why
the list registers are saved late and what that gains on a busy machine.'
again='This paragraph tells at some length, on two lines as it stands
here, why the list registers are saved late and what that gains on a busy machine.'
other='The second paragraph of this letter speaks of something else, which is the
same in both of them, and which is long enough to be left out of the first.'
diff='diff --git a/a.c b/a.c
@@ -1,2 +1,3 @@
 
 	a_line_of_code_that_is_long_enough_to_be_a_paragraph_if_that_were_asked_for();
 
+	b();'
versions "Hi,

$long

$other

Short.

$diff
" "v1 only.
$long

$diff
" "$again

v1 -> v2: a change

$other

Short.
"
cat >want <<EOF
[m1]
Hi,

[… m3]

Short.

$diff
[m2]
v1 only.
$long

$diff
[m3]
$again

v1 -> v2: a change

$other

Short.
EOF
is 'a later posting says it once' want out
cp brief once
trim-quotes <once >brief
is 'and the second time nothing changes' once brief

# The same again changes nothing.
trim reply <<'EOF'
> […]
> b
> c
Words.
EOF
printf '> […]\n> b\n> c\nWords.\n' >want
is 'what is trimmed stays so' want out

perl -MJSON::PP -0 -ne 'my $b = decode_json($_);
	print ref $b->{mails}[0]{trimmed}, $b->{mails}[0]{trimmed}, "\n"' brief >got
echo 0 >want
is 'the bytes that became fewer are counted' want got

# Whatever comes.
perl -e 'print ">" x 100000, "x\n" for 1 .. 20; print "words\n"' |
    trim reply
ok 'a hundred thousand marks' grep -q '^words$' out
perl -e 'print "> x\n\n" x 50000, "words\n"' | trim reply
ok 'fifty thousand quotations' test "$(wc -l <out)" -le 6
perl -e 'print "On x\n" x 100000, "wrote:\n> y\nz\n"' | trim reply
ok 'a hundred thousand attributions' grep -q '^z$' out
perl -e 'print "x" x 3000000' | trim reply
ok 'a line of three million' test "$(wc -c <out)" -eq 3000001
for bad in '' '{' '[]' '{"format":1}' '{"format":1,"mails":[1]}' \
    '{"format":1,"mails":[{"text":1}]}'; do
	printf %s "$bad" >bad
	status "refused: '$bad'" 65 trim-quotes <bad
	has 'with a word' '^trim-quotes: standard input: ' err
done
status 'help' 0 trim-quotes --help
status 'no operands' 64 trim-quotes x
# Who answers below all of a long patch is read all the same.
new_store
printf '#!/bin/sh\ntee %s/seen\n' "$T" >keep && chmod +x keep
cat >>kvdigest.yaml <<EOF
filters:
  chain: [trim-quotes, $T/keep, summarise-facts]
EOF
mail long@example.org 'Subject: [PATCH] KVM: arm64: A long way' <<'EOF' |
Signed-off-by: Ann Example <ann@example.org>
EOF
    kvdigest-ingest --archived
{
	perl -e 'print "> + line $_ of a patch that has many of them\n" for 1 .. 1800'
	echo 'This one is for the series before.'
} | mail below@example.org 'Subject: Re: [PATCH] KVM: arm64: A long way' \
    'From: Bob Example <bob@example.org>' 'In-Reply-To: <long@example.org>' |
    kvdigest-ingest --archived
status 'a long quote, and a line below it' 0 \
    kvdigest-report -n --since 2000-01-01
has 'that line is there' 'This one is for the series before' seen
hasnt 'and nothing was cut for it' '"cut"' seen
done_testing
