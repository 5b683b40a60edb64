#!/bin/sh
# condense-diff: what a brief keeps of diffs and logs.
. "${srcdir:-.}/t/lib.sh"

# condense [ANSWER] <TEXT: what becomes of it, a patch or what KIND says, beside an
# answer, in file out.
condense()
{
	perl -CI -MJSON::PP -0 -e 'print encode_json({format => 1, mails =>
	    [{label => "m1", kind => $ENV{KIND} // "patch", text => <STDIN> // ""},
	    {label => "m2", kind => "reply", reply_to => "m1", text => shift // ""}]})' "${1-}" |
	    condense-diff >brief || return
	perl -CO -MJSON::PP -0 -ne 'print decode_json($_)->{mails}[0]{text}' \
	    brief >out
}

cat >patch <<'EOF'
It mends this.

---
v2: nothing new

 arch/arm64/kvm/mmu.c | 12 +++++-----
 b.bin                | Bin 0 -> 12 bytes
 2 files changed, 3 insertions(+), 2 deletions(-)
 create mode 100644 b.c

diff --git a/arch/arm64/kvm/mmu.c b/arch/arm64/kvm/mmu.c
index 0123456..789abcd 100644
--- a/arch/arm64/kvm/mmu.c
+++ b/arch/arm64/kvm/mmu.c
@@ -10,5 +10,6 @@ int first(void)
 	before();
-	old_call(x);
+	new_call(x);
+	another_call(y);

 	after();
 }
@@ -40,2 +41,3 @@ int second(void)
 	one();
+	forgotten();
 	two();
diff --git a/b.c b/b.c
new file mode 100644
--- /dev/null
+++ b/b.c
@@ -0,0 +1 @@
+int b;
\ No newline at end of file

A word after the diff.
EOF
condense '> +	another_call(y);

Why?' <patch
cat >want <<'EOF'
It mends this.

---
v2: nothing new


diff arch/arm64/kvm/mmu.c (+3 -1)
@@ int first(void)
[…]
+	another_call(y);
@@ int second(void)
diff b.c (+1 -0)

A word after the diff.
EOF
is 'files, counts, heads, and what is spoken of' want out
perl -MJSON::PP -0 -ne 'print decode_json($_)->{mails}[1]{text}' brief >got
printf '> +\tanother_call(y);\n\nWhy?\n' >want
is 'an answer stays as it is' want got

# A version's patch shows what is spoken of below it, not below another.
perl -MJSON::PP -0 -e 'my $patch = <STDIN>;
	print encode_json({format => 1, mails => [
	    {label => "m1", kind => "patch", text => $patch},
	    {label => "m2", kind => "reply", reply_to => "m1", text => "Hm."},
	    {label => "m3", kind => "reply", reply_to => "m2",
		text => "> +	another_call(y);\n\nWhy?"},
	    {label => "m4", kind => "patch", reply_to => "m1", text => $patch},
	    {label => "m5", kind => "reply", reply_to => "m0", text => $patch}]})' \
    <patch | condense-diff >brief
perl -MJSON::PP -0 -ne 'for (@{decode_json($_)->{mails}}) {
	print "$_->{label}\n" if $_->{text} =~ /another_call/ }' brief >got
printf '%s\n' m1 m3 >want
is 'a line is shown in the branch that speaks of it' want got

condense <<'EOF'
--- a/old.c
+++ b/new.c
@@ -1 +1 @@
-a
+b
- this is a list
- and no diff
EOF
cat >want <<'EOF'
diff new.c (+1 -1)
- this is a list
- and no diff
EOF
is 'a hunk ends where it says' want out

condense '> 	call_them(2);' <<'EOF'
diff --git a/my file.c b/my file.c
--- a/my file.c
+++ b/my file.c
@@ -1 +1 @@ same()
-a
+b
@@ -9 +9 @@ same()
-a
+	call_them(2);
@@ -20 +20 @@ same()
-a
+b
@@ -30 +30 @@ other()
-a
+b
diff --git a/old.c b/new.c
rename from old.c
rename to new.c
EOF
cat >want <<'EOF'
diff my file.c (+4 -4)
@@ same()
[…]
+	call_them(2);
@@ other()
diff old.c => new.c (+0 -0)
EOF
is 'a place is named once' want out
cp out once
condense '> 	call_them(2);' <once
is 'and the second time nothing changes' once out

cat >robot <<'EOF'
[auto build test ERROR on v5.11]
[If your patch is applied to the wrong git tree, kindly drop us a note.
And when submitting patch, we suggest to use '--base']

config: arm64-defconfig
reproduce (this is a W=1 build):
        git remote add linux-review https://git.example.org/linux
        make ARCH=arm64

If you fix the issue, kindly add following tag as appropriate
Reported-by: kernel test robot <lkp@example.org>

All warnings (new ones prefixed by >>):

   a.c:1:2: warning: an old one
   a.c:1:2: note: of which much is said
>> a.c:9:3: error: implicit declaration of function 'f' [-Werror=x]
       9 |   f();
         |   ^
   cc1: some warnings being treated as errors
   a.c:10:1: note: and more


vim +9 a.c

  0123abcd ann 2021-01-01   8  {
  0123abcd ann 2021-01-01  @9  f();

---
0-DAY CI Kernel Test Service
EOF
KIND=robot condense <robot
cat >want <<'EOF'
[auto build test ERROR on v5.11]

config: arm64-defconfig


All warnings (new ones prefixed by >>):
[…]
>> a.c:9:3: error: implicit declaration of function 'f' [-Werror=x]
       9 |   f();
         |   ^
   cc1: some warnings being treated as errors
[…]
---
EOF
is 'of what a compiler says what is new' want out
cp out once
KIND=robot condense <once
is 'this too' once out

{
	echo 'It says:'
	for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		echo "[   12.0000$n] line $n"
	done
	echo 'Why?'
} | condense
{
	echo 'It says:'
	for n in 1 2 3 4 5 6 7 8; do
		echo "[   12.0000$n] line $n"
	done
	echo '[… 5]'
	echo '[   12.000014] line 14'
	echo '[   12.000015] line 15'
	echo 'Why?'
} >want
is 'a log has a beginning and an end' want out
perl -e 'printf " %2d [   77.7%05d]  f+0x%d\n", $_, $_, $_ for 1 .. 15' | condense
ok 'a numbered one too' test "$(wc -l <out)" -eq 11
printf 'a | b\n[1] a link\n@@ not a hunk\n+++ nothing\n' >text
condense <text
is 'what is none of these stays' text out
condense </dev/null
is 'nothing is nothing' /dev/null out

# A person who quotes it, or has it from a terminal, goes on below.
{
	sed 's/^/> /; /^> ---$/,$d' robot
	echo 'I will mend that.'
} >text
condense <text
has 'words below a quotation of it stay' '^I will mend that\.$' out
condense <<'EOF'
I get this:

All warnings (new ones prefixed by >>):
>> a.c:9:3: error: no f

with gcc 10, and
with gcc 11,
as well.

It goes away with gcc 9.
EOF
has 'and below what a person has copied' '^It goes away' out

# Whatever comes.
perl -e 'print "diff --git a/x b/x\n" x 100000' | condense
ok 'a hundred thousand files' test "$(wc -l <out)" -eq 100000
perl -e 'print "diff --git a/x b/x\n--- a/x\n+++ b/x\n",
    "\@\@ -1,1 +1,1 \@\@\n-a\n+b\n" x 100000, "end\n"' | condense
ok 'a hundred thousand hunks' grep -q '^end$' out
perl -e 'print "diff --git a/x b/x\n\@\@ -1,99999999999999999999 +1,99 \@\@\n",
    "+a\n" x 10, "words\n"' | condense
has 'counts that are none' '^words$' out
perl -e 'print "[1.0] x\n" x 300000' | condense
ok 'a log of three hundred thousand lines' test "$(wc -l <out)" -eq 11
echo '{"format":1,"mails":[{}]}' >bad
status 'no brief' 65 condense-diff <bad
has 'with a word' '^condense-diff: standard input: ' err
status 'help' 0 condense-diff --help

# Both, before a summary, on real mail: three tenths of it are sent.
if [ -r "${KVDIGEST_CORPUS:-}/mail/kvmarm-2021.mbox.xz" ]; then
	new_store
	sed -i 's/^  id: .*/  id: kvmarm.lists.cs.columbia.edu/' kvdigest.yaml
	xz -dc "$KVDIGEST_CORPUS/mail/kvmarm-2021.mbox.xz" |
	    kvdigest-ingest --mbox - >counts
	cat >tally <<EOF
#!/bin/sh
cat >$T/b.\$\$
perl -MJSON::PP -0 -ne 'my \$n = 0; \$n += length \$_->{text}
    for @{decode_json(\$_)->{mails}}; print "\$n\n"' $T/b.\$\$ >>$T/\$(basename "\$0")s
cat $T/b.\$\$
rm $T/b.\$\$
EOF
	cp tally before
	mv tally after
	chmod +x before after
	echo "filters: {chain: [$T/before, trim-quotes, condense-diff, $T/after, summarise-facts]}" >>kvdigest.yaml
	for week in 10 30 41; do
		rm -f befores afters
		kvdigest-report -n --week "2021-W$week" >/dev/null 2>&1
		before=$(awk '{ n += $1 } END { print n }' befores)
		after=$(awk '{ n += $1 } END { print n }' afters)
		echo $((1000 * after / before))
	done | sort -n >ratios
	sed 's/^/# thousandths: /' ratios
	ok 'at most 30 % in the median week' test "$(sed -n 2p ratios)" -le 300
else
	skip 'at most 30 % in the median week' 'no KVDIGEST_CORPUS'
fi
done_testing
